// What the SDK costs by itself: an active span around each call, with the attributes that the span of a run has.
import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { registerSdk } from './always-on.mjs';
import { cpuMicros, task, tell } from './measured.mjs';

const exported = registerSdk();
const tracer = trace.getTracer('bench');
const warmUp = task.amount / 5;
const total = task.amount + warmUp;
const outcome = { kind: 'worked' };
let runs = 0;
let before = 0;
let after = 0;

const work = {
  async run() {
    runs++;
    if (runs === warmUp) before = cpuMicros();
    if (runs === total) after = cpuMicros();
    return outcome;
  },
};

async function spanned(span) {
  const { kind } = await work.run();
  if (task.form === 'attributes') span.setAttribute('plba.outcome', kind);
  span.end();
}

while (runs < total) {
  const attributes =
    task.form === 'attributes'
      ? { 'plba.worker': 'runner', 'plba.trigger': 'continuously', 'plba.attempt': 1, 'plba.run_id': `run-${runs}` }
      : {};
  await tracer.startActiveSpan('runner run', { attributes }, ROOT_CONTEXT, spanned);
  // As the runtime does, and as the processor needs it.
  if (runs % 512 === 0) await new Promise(setImmediate);
}
tell({ runs: runs - warmUp, cpuMicros: after - before, exported: exported() });
