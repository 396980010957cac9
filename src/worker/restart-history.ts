import type { EffectiveWorkerOptions } from '../contracts/worker-options.js';
import { decideRestart, type RestartDecision, type WorkerEnd } from './decide-restart.js';

/** How often a worker was started again by its supervisor, and what that means for the next time. */
export class RestartHistory {
  /** Restarts since the worker was created, or the history was forgotten. */
  count = 0;
  /** Restarts since the worker was created, for a metric that only grows. */
  total = 0;
  /** Those within the window, oldest first. */
  private restartedAtMs: readonly number[] = [];

  constructor(
    private readonly options: Pick<EffectiveWorkerOptions, 'restart'>,
    private readonly random: () => number,
  ) {}

  /** What follows when the worker has ended by itself at `nowMs`. */
  decide(end: WorkerEnd, nowMs: number): RestartDecision {
    return decideRestart(this.options.restart, end, this.restartedAtMs, nowMs, this.random);
  }

  /** Somebody who knows better has begun anew: the window is empty. */
  forget(): void {
    this.count = 0;
    this.restartedAtMs = [];
  }

  /** The worker is started again at `nowMs`. */
  add(nowMs: number): void {
    this.count++;
    this.total++;
    this.restartedAtMs = [...this.restartedAtMs.filter((at) => at > nowMs - this.options.restart.withinMs), nowMs];
  }
}
