import { PlbaError } from '../../errors.js';
import { findLeaks } from '../leaks/find-leaks.js';
import { countLeaks, formatLeaks } from '../leaks/leak.js';
import { broken, type ContractStage } from './contract-stage.js';

/** How a worker comes up and goes down. Each rule continues the sentence "a worker …". */
export const rulesOfLife: Readonly<Record<string, (stage: ContractStage) => Promise<void>>> = {
  'sets nothing in motion before it is started': sleepsUntilStarted,
  'becomes ready': async (stage) => {
    await stage.start();
  },
  'can be told to stop before it was started': stopsUnstarted,
  'ends on the stop ladder: it drains, or gives up when its signal aborts': descendsLadder,
  'gives up at once when it is stopped by force': givesUp,
  'can be told to stop again, and while an earlier stop is under way': stopsTwice,
  'comes back from a start that is broken off': breaksOffStart,
  'begins no run once it has stopped': restsAfterStop,
  'leaves nothing behind': leavesNothing,
  'can be started again after a stop': startsAgain,
};

const anHourMs = 3_600_000;

async function sleepsUntilStarted(stage: ContractStage): Promise<void> {
  await stage.clock.advance(anHourMs);
  await demandNoLeaks(stage, 'was only constructed');
}

async function stopsUnstarted(stage: ContractStage): Promise<void> {
  await stage.stop(false);
  await stage.stop(true);
}

async function descendsLadder(stage: ContractStage): Promise<void> {
  const context = await stage.start();
  await stage.work();
  await stage.stopOnLadder(context);
  demandNoRun(stage, 'stop()');
}

async function givesUp(stage: ContractStage): Promise<void> {
  const context = await stage.start();
  await stage.work();
  context.abort(new PlbaError('RUN_ABORTED', 'it is stopped by force'));
  await stage.stop(true);
  demandNoRun(stage, 'stop(true)');
}

async function stopsTwice(stage: ContractStage): Promise<void> {
  const context = await stage.start();
  await stage.work();
  const { drainMs, abortMs } = stage.options.stop;
  await stage.demand('stop(), called three times,', drainMs + abortMs, async () => {
    const stops = [stage.worker.stop(false), stage.worker.stop(false)];
    context.abort(new PlbaError('RUN_ABORTED', 'it is stopped by force'));
    await Promise.all([...stops, stage.worker.stop(true)]);
  });
  await stage.stop(false);
  await stage.stop(true);
}

async function breaksOffStart(stage: ContractStage): Promise<void> {
  const context = await stage.context();
  await stage.demand('start(), once its signal aborts,', stage.options.stop.abortMs, async () => {
    const started = (async () => stage.worker.start(context))();
    context.abort(new PlbaError('START_ABORTED', 'it is stopped while it starts'));
    await started.catch(() => undefined); // to give up by throwing is one way
  });
  await stage.stop(true);
}

async function restsAfterStop(stage: ContractStage): Promise<void> {
  const context = await stage.start();
  await stage.work();
  await stage.stopOnLadder(context);
  const { runs } = stage;
  await stage.clock.advance(anHourMs);
  if (stage.runs > runs) throw broken(`it has begun ${stage.runs - runs} runs after its stop() came back`);
}

async function leavesNothing(stage: ContractStage): Promise<void> {
  const context = await stage.start();
  await stage.work();
  await stage.stopOnLadder(context);
  await demandNoLeaks(stage, 'has stopped');
}

async function startsAgain(stage: ContractStage): Promise<void> {
  for (let life = 1; life <= 3; life++) {
    const { runs } = stage;
    const context = await stage.start();
    await stage.work();
    if (life > 1 && stage.runs === runs && runs > 0) throw broken('it does no runs any more once it was stopped');
    await stage.stopOnLadder(context);
  }
}

function demandNoRun({ currentRun }: ContractStage, what: string): void {
  if (currentRun !== undefined) throw broken(`${what} has come back, and run ${currentRun} is still in progress`);
}

async function demandNoLeaks(stage: ContractStage, when: string): Promise<void> {
  stage.closePlatform();
  const leaks = await findLeaks(stage.clock, stage.scope);
  if (leaks.length > 0) throw broken(`it ${when}, and has ${countLeaks(leaks)} open:\n${formatLeaks(leaks)}`);
}
