import type { Health } from '../contracts/health.js';
import type { WorkerAction, WorkerOrder } from '../contracts/reports.js';
import type { WorkerState } from '../contracts/worker.js';

/** What can happen to a worker's state. */
export type WorkerEvent =
  | 'wait' // something it needs is not ready
  | 'start' // its start() is called
  | 'ready' // its start() resolved
  | 'pause' // its work is held
  | 'resume' // its work goes on
  | 'stop' // its stop() is called, or there is nothing to stop
  | 'stopped' // nothing is left open
  | 'complete' // it had done enough, and nothing is left open
  | 'back-off' // it failed and will be started again
  | 'fail'; // it failed for good

/**
 * The life of a worker as a table: state, event, next state. What is not in the table cannot happen. A worker is `starting`
 * exactly while its `start()` is under way, and `stopping` while its `stop()` is, whatever it is stopped for.
 *
 * `standby` is entered by replicas, which are refused until the part behind them exists.
 */
export const workerTransitions: Readonly<Record<WorkerState, Readonly<Partial<Record<WorkerEvent, WorkerState>>>>> = {
  created: { wait: 'waiting', start: 'starting', stop: 'stopped' },
  waiting: { start: 'starting', stop: 'stopped' },
  starting: { ready: 'running', 'back-off': 'backing-off', fail: 'failed', stop: 'stopping' },
  running: { pause: 'paused', stop: 'stopping' },
  paused: { resume: 'running', wait: 'waiting', start: 'starting', stop: 'stopping' },
  'backing-off': { wait: 'waiting', start: 'starting', stop: 'stopped' },
  standby: {},
  stopping: {
    stopped: 'stopped',
    wait: 'waiting',
    pause: 'paused',
    complete: 'completed',
    'back-off': 'backing-off',
    fail: 'failed',
  },
  completed: { wait: 'waiting', start: 'starting' },
  stopped: { wait: 'waiting', start: 'starting' },
  failed: { wait: 'waiting', start: 'starting', stop: 'stopped' },
};

/** The state after `event`, or undefined when `event` cannot happen in `state`. */
export function nextState(state: WorkerState, event: WorkerEvent): WorkerState | undefined {
  return workerTransitions[state][event];
}

/** In which states an operator's action is taken; `start`, `stop` and `restart` are taken in every state. */
const takenIn: Partial<Record<WorkerAction, readonly WorkerState[]>> = {
  pause: ['running', 'paused'],
  resume: ['running', 'paused'],
  run: ['running', 'paused'],
};

/** Whether `action` is possible in `state`. */
export function isPossible(action: WorkerAction, state: WorkerState): boolean {
  return takenIn[action]?.includes(state) ?? true;
}

/** What makes sense to ask of a worker in this state, the most wanted first. `isSteerable`: it can be asked for a run. */
export function actionsIn(state: WorkerState, isSteerable: boolean): readonly WorkerAction[] {
  switch (state) {
    case 'running':
      return isSteerable ? ['stop', 'restart', 'pause', 'run'] : ['stop', 'restart', 'pause'];
    case 'paused':
      return isSteerable ? ['resume', 'stop', 'restart', 'run'] : ['resume', 'stop', 'restart'];
    case 'waiting':
    case 'backing-off':
      return ['start', 'stop'];
    case 'created':
    case 'starting':
    case 'standby':
    case 'stopping':
      return ['stop'];
    case 'completed':
    case 'stopped':
    case 'failed':
      return ['start'];
  }
}

/** Whether a worker in this state does nothing more unless somebody starts it. */
export function isOver(state: WorkerState): boolean {
  return state === 'completed' || state === 'stopped' || state === 'failed';
}

/** What the state alone says about health. Undefined for `running`: then the worker knows better. */
export function healthOfState(
  state: WorkerState,
  facts: {
    readonly waitingFor: readonly string[];
    readonly pausedBy: string | undefined;
    readonly pausedBecause?: string | undefined;
    readonly hasCompleted: boolean;
    readonly error: string | undefined;
    readonly lastOrder?: WorkerOrder | undefined;
  },
): Health | undefined {
  switch (state) {
    case 'running':
      return undefined;
    case 'completed':
      return { status: 'ok', reason: 'completed' };
    case 'paused':
      return { status: 'degraded', reason: pausedText(facts.pausedBy, facts.pausedBecause) };
    case 'backing-off':
      if (facts.error === undefined) return { status: 'ok', reason: 'completed, and will be started again' };
      return { status: 'degraded', reason: `will be started again after: ${facts.error}` };
    case 'failed':
      return { status: 'unhealthy', reason: `failed: ${facts.error ?? 'unknown'}` };
    case 'waiting':
      return { status: 'unhealthy', reason: `waits for ${facts.waitingFor.join(', ')}` };
    case 'standby':
      return { status: 'ok', reason: 'standby' };
    case 'stopping':
      if (facts.hasCompleted) return { status: 'ok', reason: 'completed' };
      return { status: 'unhealthy', reason: state };
    case 'created':
    case 'starting':
      return { status: 'unhealthy', reason: state };
    case 'stopped':
      return { status: 'unhealthy', reason: stoppedText(facts.lastOrder) };
  }
}

function pausedText(by = 'somebody', because?: string): string {
  return `paused by ${by}${because === undefined ? '' : `: ${because}`}`;
}

/** An operator's stop is the last order of whoever is stopped by it; the application's own stop is no order. */
function stoppedText(order: WorkerOrder | undefined): string {
  if (order?.action !== 'stop') return 'stopped';
  return `stopped by ${order.by}${order.reason === undefined ? '' : `: ${order.reason}`}`;
}
