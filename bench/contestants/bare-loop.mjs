// The floor of a run: the same work in a bare loop that awaits it.
import { cpuMicros, task, tell } from './measured.mjs';

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
while (runs < total) await work.run();
tell({ runs: runs - warmUp, cpuMicros: after - before });
