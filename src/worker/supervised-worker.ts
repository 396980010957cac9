import type { RunRecord } from '../contracts/run.js';
import type { WorkerStopReport } from '../contracts/stop-report.js';
import type { Trigger } from '../contracts/trigger.js';
import type { EffectiveWorkerOptions } from '../contracts/worker-options.js';
import type { PlbaError } from '../errors.js';
import { summarizeError } from '../plain/error-summary.js';
import type { CronFires } from './cron-fires.js';
import { isSteerable } from './steerable.js';
import { errorOf, type StopBudget } from './stop-ladder.js';
import { WorkerHold } from './worker-hold.js';
import { WorkerParts, type CommonParts, type WorkerEntry } from './worker-parts.js';
import type { Orderer } from './worker-standing.js';
import { WorkerView } from './worker-view.js';

/** What supervised workers share, and whom they tell. */
export interface Surroundings extends CommonParts {
  /** The worker is in another state, or its health may be another. */
  readonly onChange: (worker: SupervisedWorker) => void;
  /** Restarting is over and the policy says that the application must stop. */
  readonly onLost: (worker: SupervisedWorker, error: PlbaError) => void;
}

/**
 * A worker in the hands of the supervisor: every operation on it, and what there is to see of it. Operations are done one
 * after the other, so any mix of them ends in the state that the last accepted one asks for. Only a stop does not queue up
 * behind what may take long: it breaks off a start, a wait for needs, or a backoff.
 */
export class SupervisedWorker extends WorkerView {
  private readonly hold: WorkerHold;

  constructor(entry: WorkerEntry, around: Surroundings) {
    const onChange = (): void => {
      around.onChange(this);
    };
    const onLost = (error: PlbaError): void => {
      around.onLost(this, error);
    };
    super(new WorkerParts(entry, around, onChange, onLost));
    this.hold = new WorkerHold(this.parts, this.course);
  }

  /**
   * Other options are in force, of those that can be while it is up: timeout, retry, restart, stop, health, and a trigger that
   * {@link canFollow}. A run in progress keeps its timeout. The others count from the next start of the application.
   * @param fires the compiled calendar of a `cron` trigger
   */
  adopt({ timeoutMs, retry, restart, stop, health, trigger }: EffectiveWorkerOptions, fires?: CronFires): void {
    const { parts } = this;
    const options = parts.options as { -readonly [K in keyof EffectiveWorkerOptions]: EffectiveWorkerOptions[K] };
    Object.assign(options, { retry, restart, stop, health });
    if (timeoutMs === undefined) delete options.timeoutMs;
    else options.timeoutMs = timeoutMs;
    if (JSON.stringify(trigger) !== JSON.stringify(options.trigger) && this.canFollow(trigger)) {
      options.trigger = trigger;
      parts.fires = fires;
      this.course.triggerChanged();
    }
    parts.onChange();
  }

  /** Whether a trigger can take the place of its own while it is up. Who runs once has an end, and others count on that. */
  canFollow(trigger: Trigger): boolean {
    return trigger.kind !== 'once' && this.options.trigger.kind !== 'once';
  }

  /**
   * Lets it run: starts it once what it needs is ready, resumes it when it is paused, makes a pending restart happen now.
   * Nothing happens when it runs. From down on its restarts are counted anew. Rejects when it does not come up.
   * `by` is the operator who wants it.
   */
  start(by?: Orderer, action: 'start' | 'restart' = 'start'): Promise<void> {
    return this.parts.operations.add(() => {
      if (this.state !== 'running') this.standing.note(action, by);
      switch (this.state) {
        case 'running':
          return Promise.resolve();
        case 'paused':
          return this.hold.end();
        case 'backing-off':
          return this.course.comeUpAgain();
        default:
          this.course.forgetRestarts();
          return this.course.comeUp();
      }
    });
  }

  /** Something that it needs may not be ready any more. If it runs, it goes down and waits for that. */
  needsChanged(): void {
    if (this.state !== 'running' || this.parts.unmet(this.needs).length === 0) return;
    const giveWay = async (): Promise<void> => {
      if (this.state === 'running') await this.course.giveWay();
    };
    // A failure to come up again has been followed up, or else a stop has broken it off.
    this.parts.operations.add(giveWay).catch(() => undefined);
  }

  /** Takes the stop ladder. Never rejects; the report says how it went. `force` begins at abort, also for a stop under way. */
  stop(budget: StopBudget, force = false, by?: Orderer): Promise<WorkerStopReport> {
    const orderedMs = this.parts.clock.monotonic();
    const done = this.parts.stops.add(force);
    return this.parts.operations.add(async () => {
      try {
        if (this.state !== 'stopped' && this.state !== 'completed') this.standing.note('stop', by);
        const end = await this.takeDown(budget);
        return { worker: this.name, durationMs: Math.round(this.parts.clock.monotonic() - orderedMs), ...end };
      } finally {
        done();
      }
    });
  }

  /** Stops and starts it. Rejects when it does not come up. */
  async restart(budget: StopBudget, force = false, by?: Orderer): Promise<void> {
    // Both are accepted at once, so that nothing comes in between.
    await Promise.all([this.stop(budget, force), this.start(by, 'restart')]);
  }

  /**
   * Holds the work; `by`, and the reason if one is given, are shown for as long as that lasts. A worker that cannot be held is
   * stopped, and started again on {@link resume}.
   * @throws `WORKER_CONFLICT` when it is not up, or does not stop
   */
  async pause(by: string, reason?: string): Promise<void> {
    this.standing.demand('pause');
    await this.parts.operations.add(async () => {
      this.standing.demand('pause');
      if (this.state === 'paused') return;
      this.standing.note('pause', { who: by, reason });
      await this.hold.begin(by, reason);
    });
  }

  /**
   * Goes on after {@link pause}.
   * @throws `WORKER_CONFLICT` when it is not up; what {@link start} throws
   */
  async resume(by?: Orderer): Promise<void> {
    this.standing.demand('resume');
    await this.parts.operations.add(async () => {
      this.standing.demand('resume');
      if (this.state !== 'paused') return;
      this.standing.note('resume', by);
      await this.hold.end();
    });
  }

  /**
   * Does one run, also while paused, and gives its record once it has ended.
   * @throws `WORKER_CONFLICT` when it is not up, ends before, or decides by itself when to run
   */
  async runNow(): Promise<RunRecord> {
    this.standing.demand('run');
    if (!isSteerable(this.worker)) throw this.standing.conflict('run', 'it decides by itself when to run');
    return this.worker.runNow();
  }

  private async takeDown(budget: StopBudget): Promise<Pick<WorkerStopReport, 'result' | 'open' | 'error'>> {
    const { course, standing } = this;
    course.callOffRestart();
    // Whoever is `stopped` has said that nothing is open, even if an earlier call of its stop() never returns.
    if (course.open !== undefined && this.state !== 'stopped') return { result: 'abandoned', open: course.open };
    if (!course.isUp) return this.putDown();
    const end = await course.goDown(budget);
    if (end.kind === 'abandoned') {
      standing.abandon(end.open);
      return { result: 'abandoned', open: end.open };
    }
    standing.enter('stopped');
    const error = errorOf(end);
    return { result: end.kind, ...(error !== undefined && { error: summarizeError(error) }) };
  }

  /** Stops what is not up. What has failed before says so. */
  private putDown(): Pick<WorkerStopReport, 'result' | 'error'> {
    const { state, error, standing } = this;
    if (state === 'completed') return { result: 'completed' };
    if (state !== 'stopped') standing.enter('stop');
    if (state === 'paused') standing.enter('stopped'); // by way of `stopping`, which its pause has done already
    return error === undefined ? { result: 'not-started' } : { result: 'failed', error };
  }
}
