import type { Newable } from 'inversify';
import { AssembledApplication } from '../application/assembled-application.js';
import { assemble, type Assembly } from '../application/assemble.js';
import { declaredContributors, declaredWorkers } from '../application/build-container.js';
import type { Probe } from '../application/probe.js';
import type { Worker } from '../contracts/worker.js';
import { PlbaError } from '../errors.js';
import { FaultBoard } from './faults/fault-board.js';
import { probeContributor, probeWorker } from './faults/probed-worker.js';
import { moveTimeUntil } from './move-time.js';
import { RecordedLines } from './recorded-lines.js';
import { sealBindings } from './rebinding.js';
import { sayHint } from './say-hint.js';
import { seededRandom } from './seeded-random.js';
import { TestApplication } from './test-application.js';
import type { TestPlan } from './test-plan.js';
import { currentScope, TestScope } from './test-scope.js';
import { registerRecording } from './tracing/recording-provider.js';
import { SpanRecorder } from './tracing/span-recorder.js';
import { VirtualClock } from './virtual-clock.js';

/** A folder that holds no configuration. */
const noFiles = '/nonexistent';

/** Chance where no seed is given: jitter has to be the same each time. */
const usualSeed = 1;

/** Starts an application as a test wants it. Rejects with what would fail its start. */
export async function startTestApplication(plan: TestPlan): Promise<TestApplication> {
  try {
    return await start(plan);
  } catch (error) {
    const isHanging = error instanceof PlbaError && error.code === 'START_TIMED_OUT';
    throw sayHint(error, plan.manual && isHanging ? hintIfManual : undefined);
  }
}

async function start(plan: TestPlan): Promise<TestApplication> {
  const { at, seed = usualSeed } = plan;
  const clock = new VirtualClock({ ...(at !== undefined && { at }), ...(plan.seed !== undefined && { seed }) });
  const scope = new TestScope();
  clock.within = (work) => scope.run(work);
  const lines = new RecordedLines();
  const assembly = assemble(plan.root);
  const leavesOut = selectionOf(plan, assembly);
  const faults = faultBoardOf(assembly, leavesOut, clock, () => {
    application.supervisor().needsChanged();
  });
  const chanceOfIds = seededRandom(seed);
  const probe: Probe = {
    leavesOut,
    worker: (worker, name) => probeWorker(worker, name, faults, plan.adaptRun),
    contributor: (contributor, name) => probeContributor(contributor, name, faults),
    isWithheld: (need) => faults.isWithheld(need),
    runIdPrefix: () =>
      Math.floor(chanceOfIds() * 2 ** 32)
        .toString(16)
        .padStart(8, '0'),
  };
  const application = new AssembledApplication(assembly, {
    directory: noFiles,
    env: plan.variables,
    config: { ...plan.values, plba: { ...asSection(plan.values['plba']), ...controlOf(plan) } },
    clock,
    logDestination: lines,
    random: seededRandom(seed),
    manual: plan.manual,
    keepRunning: true,
    probe,
    rebind: (container) => {
      for (const override of plan.overrides) override({ container, implementations: assembly.implementations });
    },
  });
  for (const order of plan.faults) order(faults);

  scope.open();
  const stopRecording = await registerRecording(() => currentScope()?.recorder, 'application');
  if (stopRecording !== undefined) scope.recorder = new SpanRecorder({ now: () => clock.now(), seed });
  const letGo = (): void => {
    scope.close();
    stopRecording?.();
  };
  try {
    await scope.run(() => moveTimeUntil(clock, application.start()));
  } catch (error) {
    letGo();
    throw error;
  }
  sealBindings(application.container);
  return new TestApplication({ application, clock, lines, scope, faults, seed: plan.seed, letGo });
}

const hintIfManual =
  'with .manual() no run happens by itself, so a worker that runs once is never done: leave it out with .without(…), or leave out .manual()';

/** No port is opened unless the test asks for one. */
function controlOf({ values }: TestPlan): Record<string, unknown> {
  const control = asSection(asSection(values['plba'])['control']);
  return { control: { enabled: false, ...control } };
}

function asSection(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** @throws `WORKER_UNKNOWN` for a class that no module lists as a worker */
function selectionOf({ only, without }: TestPlan, assembly: Assembly): Probe['leavesOut'] {
  const listed = assembly.modules.flatMap(({ workers }) => workers);
  const check = (type: Newable<Worker>, word: string): void => {
    if (listed.includes(type)) return;
    throw new PlbaError('WORKER_UNKNOWN', `the test wants ${word}(${type.name}), and no module lists it as a worker`, {
      hint: `there are: ${listed.map(({ name }) => name).join(', ') || 'none'}`,
    });
  };
  for (const type of only) check(type, 'only');
  for (const type of without) check(type, 'without');
  return (type) => without.includes(type) || (only.length > 0 && !only.includes(type));
}

function faultBoardOf(
  assembly: Assembly,
  leavesOut: Probe['leavesOut'],
  clock: VirtualClock,
  onChange: () => void,
): FaultBoard {
  const workers = declaredWorkers(assembly).filter(({ type }) => !leavesOut(type));
  const names = {
    workers: workers.map(({ options }) => options.name),
    contributors: declaredContributors(assembly).map(({ options }) => options.name),
  };
  return new FaultBoard(names, clock, onChange);
}
