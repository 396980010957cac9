import type { ErrorSummary } from '../contracts/error-summary.js';
import type { Health } from '../contracts/health.js';
import type { WorkerAction, WorkerOrder } from '../contracts/reports.js';
import type { Trigger } from '../contracts/trigger.js';
import type { Worker, WorkerState } from '../contracts/worker.js';
import type { EffectiveWorkerOptions } from '../contracts/worker-options.js';
import { summarizeError } from '../plain/error-summary.js';
import { hasTrigger } from './effective-options.js';
import { RoutineWorker, speaksByItsRuns } from './routine-worker.js';
import type { RunExecutor } from './run-executor.js';
import { actionsIn } from './states.js';
import { isSteerable } from './steerable.js';
import type { StopBudget } from './stop-ladder.js';
import { WorkerCourse } from './worker-course.js';
import type { WorkerParts } from './worker-parts.js';
import type { WorkerStanding } from './worker-standing.js';

/** What there is to see of a worker under supervision. To look changes nothing. */
export abstract class WorkerView {
  readonly name: string;
  protected readonly course: WorkerCourse;

  constructor(protected readonly parts: WorkerParts) {
    this.name = parts.options.name;
    this.course = new WorkerCourse(parts);
  }

  get worker(): Worker {
    return this.parts.worker;
  }

  /** The module that brought it. */
  get module(): string {
    return this.parts.module;
  }

  get options(): EffectiveWorkerOptions {
    return this.parts.options;
  }

  /** What makes its runs happen; undefined when it decides that by itself. */
  get trigger(): Trigger | undefined {
    const hasOne = hasTrigger(this.options) || isSteerable(this.worker) || this.course.isDriven;
    return hasOne ? this.options.trigger : undefined;
  }

  /** What must be ready first. */
  get needs(): readonly string[] {
    return this.parts.options.needs;
  }

  /** What each rung of the stop ladder may take. */
  get budget(): StopBudget {
    return this.parts.options.stop;
  }

  /** Whether the application is lost without it. */
  get critical(): boolean {
    return this.parts.options.critical;
  }

  /** Its runs, and what became of them. */
  get executor(): RunExecutor {
    return this.parts.executor;
  }

  get state(): WorkerState {
    return this.standing.state;
  }

  /** Since when it is in its {@link state}. */
  get since(): Date {
    return this.standing.since;
  }

  /** Why it is `failed` or `backing-off`. */
  get error(): ErrorSummary | undefined {
    return this.standing.error;
  }

  /** What it waits for, while `waiting`. */
  get waitingFor(): readonly string[] {
    return this.standing.waitingFor;
  }

  /** Who paused it, while `paused`. */
  get pausedBy(): string | undefined {
    return this.standing.pausedBy;
  }

  /** What an operator has told it last. */
  get lastOrder(): WorkerOrder | undefined {
    return this.standing.lastOrder;
  }

  /** What makes sense to ask of it now, the most wanted first. */
  get actions(): readonly WorkerAction[] {
    if (this.parts.applicationStops()) return [];
    const actions = actionsIn(this.state, isSteerable(this.worker));
    return this.course.open === undefined ? actions : actions.filter((action) => action !== 'start');
  }

  /** How often the supervisor has started it again since it was last told to {@link start}. */
  get restarts(): number {
    return this.course.restarts;
  }

  /** How often altogether. */
  get restartsInAll(): number {
    return this.course.restartsInAll;
  }

  /** Whether it has not failed, and its last run, if there was one, has neither failed nor was blocked. */
  get hasEndedWell(): boolean {
    const last = this.executor.ledger.last?.outcome?.kind;
    return this.state !== 'failed' && last !== 'failed' && last !== 'blocked';
  }

  /** Whether those who need this worker may start: it runs or, if its work is done once, has done it. */
  get isReady(): boolean {
    if (this.options.trigger.kind === 'once' && isSteerable(this.worker)) return this.state === 'completed';
    const { state, hasCompleted } = this.standing;
    // Who cannot be held was stopped for its pause, and what it had open is not there.
    const isHeld = state === 'paused' && this.course.isUp;
    return state === 'running' || isHeld || state === 'completed' || hasCompleted;
  }

  /** Whether to stop it calls code that is not the platform's own: its own `stop()`, or a run in progress. */
  get hasForeignCode(): boolean {
    return this.executor.current !== undefined || this.worker.stop !== RoutineWorker.prototype.stop;
  }

  /** What it is doing, and what it waits for: for a start that hangs. `trouble`: with what its runs keep failing. */
  describe(): { readonly state: WorkerState; readonly waitingFor: readonly string[]; readonly trouble?: string } {
    const { state, waitingFor } = this;
    const { trouble } = this.executor.standing;
    return { state, waitingFor, ...(trouble !== undefined && { trouble }) };
  }

  /** How often its state has changed. */
  stateChanges(): number {
    return this.standing.changes;
  }

  /** What its state says about its health; undefined while it runs, when the worker itself has the word. */
  stateHealth(): Health | undefined {
    return this.standing.health();
  }

  /** Health as the worker says it while it runs, and as its state says it otherwise. */
  health(): Health | Promise<Health> {
    return this.standing.health() ?? this.worker.health();
  }

  /** Whether it makes progress, from what the platform itself sees: what the group `live` is about. */
  liveness(): Health {
    return this.executor.standing.liveness();
  }

  /** Until when {@link health} and {@link liveness} stay as they are if nobody is told of a change before. */
  steadyUntil(): number {
    const { standing } = this.executor;
    // Any other state is told when it ends; what a worker of the application's own says can change at any time.
    if (this.state !== 'running') return standing.livenessSteadyUntil();
    return speaksByItsRuns(this.worker) ? standing.steadyUntil() : -Infinity;
  }

  /** When the trigger makes the next run happen, if it is known. */
  nextRun(): Date | undefined {
    return this.state === 'running' ? this.course.nextRun() : undefined;
  }

  /** What the worker's own `status()` adds to what the platform knows. */
  details(): Readonly<Record<string, unknown>> | undefined {
    try {
      return this.worker.status().details;
    } catch (error) {
      return { error: `status() threw: ${summarizeError(error).message}` };
    }
  }

  protected get standing(): WorkerStanding {
    return this.parts.standing;
  }
}
