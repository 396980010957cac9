import type { Clock } from '../contracts/clock.js';
import type { Health } from '../contracts/health.js';
import { formatDuration } from '../time/duration.js';
import type { HealthBoard } from './health-board.js';
import type { Difference, Member } from './member.js';

/** How the health of a worker is read. */
export interface WorkerHealthSource {
  readonly critical: boolean;
  /** What its state alone says; undefined while the worker has the word. */
  stateHealth(): Health | undefined;
  /** How often its state has changed: an answer that it was asked for before such a change is of a worker that was. */
  stateChanges(): number;
  /** All there is to say about the worker, as it says it. May be a hand-written `health()`: nothing is taken for granted. */
  health(): Health | Promise<Health>;
  /** Its own progress only, for `live`: what a restart of the process would cure. */
  liveness(): Health;
  /** Monotonic time until which both answers stay as they are, unless a change is told; `-Infinity` when nobody knows. */
  steadyUntil(): number;
}

/** A worker whose promised answer is longer away than this is `unhealthy`. */
export const workerAnswerTimeoutMs = 5_000;

/** An answer that is waited for. */
interface Flight {
  readonly sinceMs: number;
  /** {@link WorkerHealthSource.stateChanges} when it was asked for. */
  readonly changes: number;
  settled: Promise<void>;
}

/**
 * Reads the health of one worker: all of it, and its own progress. A `health()` that answers later is waited for, one
 * answer at a time; meanwhile what is known stays, for at most 5 s.
 */
export class WorkerReading {
  /** What was read last holds until then, on the monotonic clock, unless a change is told. */
  steadyUntilMs = -Infinity;
  private flight: Flight | undefined;

  constructor(
    readonly health: Member,
    readonly progress: Member,
    private readonly source: WorkerHealthSource,
    private readonly clock: Clock,
    private readonly board: HealthBoard,
  ) {}

  /** Resolves when the answer that is waited for is there; undefined when none is. */
  get pending(): Promise<void> | undefined {
    return this.flight?.settled;
  }

  /** Reads both, and notes on the board what is new. Who reads announces it; an answer that comes later announces itself. */
  read(nowMs: number): void {
    this.readProgress(nowMs);
    this.readHealth(nowMs);
    this.steadyUntilMs = this.flight === undefined ? this.source.steadyUntil() : -Infinity;
  }

  private readProgress(nowMs: number): void {
    const { board, progress, source } = this;
    try {
      board.note(progress, progress.answered(source.liveness(), nowMs));
    } catch (error) {
      board.note(progress, progress.threw(error, nowMs));
    }
  }

  private readHealth(nowMs: number): void {
    const { board, clock, health, source } = this;
    // The answer of an earlier life, or of none, is not waited for any more, nor taken when it comes.
    if (this.flight !== undefined && this.flight.changes !== source.stateChanges()) this.flight = undefined;
    const ofState = source.stateHealth();
    if (ofState !== undefined) {
      board.note(health, health.answered(ofState, nowMs));
      return;
    }
    if (this.flight !== undefined) {
      this.watch(this.flight.sinceMs, nowMs);
      return;
    }
    try {
      const answer: unknown = source.health();
      if (!isThenable(answer)) {
        board.note(health, health.answered(answer, nowMs));
        return;
      }
      const flight = { sinceMs: clock.monotonic(), changes: source.stateChanges(), settled: Promise.resolve() };
      this.flight = flight;
      flight.settled = this.settle(flight, answer);
    } catch (error) {
      board.note(health, health.threw(error, nowMs));
    }
  }

  private async settle(flight: Flight, answer: PromiseLike<unknown>): Promise<void> {
    const { board, clock, health, source } = this;
    let learn: () => Difference;
    try {
      const answered = await answer;
      learn = () => health.answered(answered, clock.now());
    } catch (error) {
      learn = () => health.threw(error, clock.now());
    }
    if (this.flight !== flight) return;
    this.flight = undefined;
    if (flight.changes === source.stateChanges()) board.note(health, learn());
    else this.read(clock.now());
    board.announce();
  }

  private watch(sinceMs: number, nowMs: number): void {
    if (this.clock.monotonic() - sinceMs < workerAnswerTimeoutMs) return;
    const reason = `health() has given no answer for ${formatDuration(workerAnswerTimeoutMs)}`;
    this.board.note(this.health, this.health.learn({ status: 'unhealthy', reason }, nowMs));
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
