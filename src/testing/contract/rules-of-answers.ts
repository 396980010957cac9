import type { HealthStatus } from '../../contracts/health.js';
import type { SteerableWorker } from '../../contracts/worker.js';
import { isSteerable } from '../../worker/steerable.js';
import { workerTransitions } from '../../worker/states.js';
import { broken, type ContractStage } from './contract-stage.js';

/** What a worker answers when it is asked. Each rule continues the sentence "a worker …". */
export const rulesOfAnswers: Readonly<Record<string, (stage: ContractStage) => Promise<void>>> = {
  'tells its health in every state, without asking anybody': (stage) => inEveryState(stage, checkHealth),
  'tells where it is in every state': (stage) => inEveryState(stage, checkStatus),
  'holds its work while it is paused, if it can be paused': pauses,
  'does a run when it is asked, if it can be asked': runsNow,
};

async function inEveryState(stage: ContractStage, check: (stage: ContractStage) => Promise<void>): Promise<void> {
  await check(stage);
  const context = await stage.start();
  await check(stage);
  await stage.work();
  await check(stage);
  await stage.stopOnLadder(context);
  await check(stage);
}

/** A `health()` that answers later than this counts as unhealthy. */
const healthTakesAtMostMs = 5_000;
const healthWords: readonly HealthStatus[] = ['ok', 'degraded', 'unhealthy'];

async function checkHealth(stage: ContractStage): Promise<void> {
  const beforeMs = stage.clock.monotonic();
  const health: unknown = await stage.demand('health()', healthTakesAtMostMs, () => stage.worker.health());
  if (stage.clock.monotonic() > beforeMs) throw broken('health() takes time: let it read what is known already');
  const { status, reason } = (health ?? {}) as { status?: unknown; reason?: unknown };
  if (!healthWords.includes(status as HealthStatus)) {
    throw broken(`health() answers the status ${JSON.stringify(status)}, which is none of ${healthWords.join(', ')}`);
  }
  if (status !== 'ok' && (typeof reason !== 'string' || reason === '')) {
    throw broken(`health() answers ${String(status)} without a reason: the person on call wants one`);
  }
}

async function checkStatus(stage: ContractStage): Promise<void> {
  const status: unknown = await stage.demand('status()', 0, () => stage.worker.status());
  const { state, since } = (status ?? {}) as { state?: unknown; since?: unknown };
  if (typeof state !== 'string' || !Object.hasOwn(workerTransitions, state)) {
    const words = Object.keys(workerTransitions).join(', ');
    throw broken(`status() answers the state ${JSON.stringify(state)}, which is none of ${words}`);
  }
  if (since !== undefined && !(since instanceof Date)) throw broken('status() answers a since that is no Date');
}

const runTakesAtMostMs = 3_600_000;

async function pauses(stage: ContractStage): Promise<void> {
  const worker = steerableOf(stage);
  if (worker === undefined) return;
  await stage.start();
  await stage.demand('pause()', runTakesAtMostMs, () => worker.pause());
  await stage.clock.advance(0);
  const { runs } = stage;
  await stage.work();
  if (stage.runs > runs) throw broken(`it has begun ${stage.runs - runs} runs while it was paused`);
  await stage.demand('resume()', runTakesAtMostMs, () => worker.resume());
}

async function runsNow(stage: ContractStage): Promise<void> {
  const worker = steerableOf(stage);
  if (worker === undefined) return;
  await stage.start();
  const record: unknown = await stage.demand('runNow()', runTakesAtMostMs, () => worker.runNow());
  if ((record as { outcome?: unknown } | undefined)?.outcome === undefined) {
    throw broken('runNow() comes back without the record of a run that has ended');
  }
}

function steerableOf({ worker }: ContractStage): SteerableWorker | undefined {
  return isSteerable(worker) ? worker : undefined;
}
