import type { Clock } from '../contracts/clock.js';
import type { ErrorSummary } from '../contracts/error-summary.js';
import type { WorkerStateCause } from '../contracts/events.js';
import type { Health } from '../contracts/health.js';
import type { WorkerAction, WorkerOrder } from '../contracts/reports.js';
import type { WorkerState } from '../contracts/worker.js';
import { PlbaError } from '../errors.js';
import type { EventSink } from '../events/event-sink.js';
import { summarizeError } from '../plain/error-summary.js';
import { healthOfState, isPossible, nextState, type WorkerEvent } from './states.js';

const nothing: readonly string[] = [];

/** Who tells a worker to do something, and why. */
export interface Orderer {
  readonly who: string;
  readonly reason?: string | undefined;
}

/** Where a worker is in its life, and why: its state, and what goes with the state and ends with it. */
export class WorkerStanding {
  state: WorkerState = 'created';
  /** Why it is `failed` or `backing-off`. */
  error: ErrorSummary | undefined;
  /** What it waits for, while `waiting`. */
  waitingFor = nothing;
  /** Who paused it, while `paused`. */
  pausedBy: string | undefined;
  /** What was given as the reason. */
  pausedBecause: string | undefined;
  /** What an operator has told it last. */
  lastOrder: WorkerOrder | undefined;
  /** It has done enough, and goes down for that, while `stopping`. */
  hasCompleted = false;
  /** How often its state has changed. */
  changes = 0;

  private sinceMs: number;

  /** @param onChange called after each change */
  constructor(
    private readonly worker: string,
    private readonly clock: Clock,
    private readonly events: EventSink,
    private readonly onChange: () => void,
  ) {
    this.sinceMs = clock.now();
  }

  /** Since when it is in its state. */
  get since(): Date {
    return new Date(this.sinceMs);
  }

  /** @throws TypeError when `event` cannot happen in the present state: a mistake of the platform's own */
  enter(event: WorkerEvent, why: WorkerStateCause = 'order'): void {
    const from = this.state;
    const next = nextState(from, event);
    if (next === undefined) {
      throw new TypeError(`worker "${this.worker}": "${event}" cannot happen in state ${from}`);
    }
    this.state = next;
    this.changes++;
    this.sinceMs = this.clock.now();
    if (next !== 'waiting') this.waitingFor = nothing;
    if (next !== 'paused') this.pausedBy = this.pausedBecause = undefined;
    if (next !== 'failed' && next !== 'backing-off') this.error = undefined;
    if (next !== 'stopping') this.hasCompleted = false;
    this.onChange();
    if (this.events.isHeard) this.tell(from, why);
  }

  /** It is told to do something: by an operator, or by the application where `by` is undefined. */
  note(action: WorkerOrder['action'], by: Orderer | undefined): void {
    if (by === undefined) return;
    const { who, reason } = by;
    this.lastOrder = { action, by: who, ...(reason !== undefined && { reason }), at: new Date(this.clock.now()) };
  }

  /** It waits for `needs`, or for others of them than before. */
  wait(needs: readonly string[]): void {
    this.waitingFor = needs;
    if (this.state === 'waiting') this.onChange();
    else this.enter('wait', 'need');
  }

  /** It has done enough: its `stop()` is called, and nobody has to worry about that. */
  wrapUp(): void {
    this.hasCompleted = true;
    this.enter('stop', 'end');
  }

  /** It is held by whoever `by` names. */
  pause(by: string, reason: string | undefined): void {
    this.pausedBy = by;
    this.pausedBecause = reason;
    this.enter('pause');
  }

  /** It has failed, or else completed, and will be started again. */
  backOff(failure?: { readonly error: unknown }): void {
    this.error = failure && summarizeError(failure.error);
    this.enter('back-off', 'end');
  }

  /** It has failed for good. */
  fail(error: unknown, why: WorkerStateCause = 'end'): void {
    this.error = summarizeError(error);
    this.enter('fail', why);
  }

  /** It was given up, with something of it left `open`. */
  abandon(open: string): void {
    this.fail(new PlbaError('WORKER_LOST', `worker "${this.worker}" was abandoned: ${open}`));
  }

  /** @throws `WORKER_CONFLICT` when `action` is impossible in the present state */
  demand(action: WorkerAction): void {
    if (!isPossible(action, this.state)) throw this.conflict(action, `it is ${this.state}`);
  }

  /** The answer to an action that is impossible now. */
  conflict(action: WorkerAction, because: string): PlbaError {
    return new PlbaError('WORKER_CONFLICT', `worker "${this.worker}" cannot ${action}: ${because}`, {
      hint: 'look at its state, and ask again when it allows this',
    });
  }

  /** What the state alone says about health; undefined while the worker itself knows better. */
  health(): Health | undefined {
    const { waitingFor, pausedBy, pausedBecause, hasCompleted, error, lastOrder, since } = this;
    const facts = { waitingFor, pausedBy, pausedBecause, hasCompleted, error: error?.message, lastOrder };
    const health = healthOfState(this.state, facts);
    return health && { ...health, since };
  }

  private tell(from: WorkerState, why: WorkerStateCause): void {
    const { worker, state: to, waitingFor, pausedBy, error } = this;
    this.events.publish({
      type: 'worker-state',
      worker,
      from,
      to,
      why,
      ...(to === 'waiting' && { waitingFor }),
      ...(pausedBy !== undefined && { pausedBy }),
      ...(error !== undefined && { error }),
    });
  }
}
