import type { Clock } from '../contracts/clock.js';
import { PlbaError } from '../errors.js';
import { formatDuration } from '../time/duration.js';
import { attempt, within, type Attempt } from '../time/within.js';
import type { OuterPart } from './participant.js';

/** An outer part that did not stop well. */
export interface OuterFailure {
  readonly part: string;
  readonly error: unknown;
}

/** No outer part may hold up the end for longer than this, nor for longer than what is left of the deadline. */
const longestStopMs = 2_000;
/** What each of them gets in any case. */
const shortestStopMs = 50;

/** The parts of the platform around the participants: started in their order, stopped in reverse. */
export class OuterParts {
  private readonly started: OuterPart[] = [];
  private starting: Promise<Attempt<void>> = Promise.resolve({ ok: true, value: undefined });
  private current = '';

  constructor(
    private readonly parts: readonly OuterPart[],
    private readonly clock: Clock,
  ) {}

  /**
   * Starts one after the other, and no further one once `stopping` aborts. Rejects with what a part throws.
   * @throws `START_TIMED_OUT` when they are not up after `limitMs`
   */
  async start(limitMs: number, stopping: AbortSignal): Promise<void> {
    this.starting = attempt(() => this.startEach(stopping));
    const end = await within(this.clock, limitMs, this.starting);
    if (end?.ok === true) return;
    if (end !== undefined) throw end.error;
    throw new PlbaError('START_TIMED_OUT', `${this.current} was not up after ${formatDuration(limitMs)}`, {
      hint: 'raise plba.start.timeout if it only needs longer',
    });
  }

  /**
   * Stops those that have started, in reverse. Never rejects; answers what went wrong.
   * @param deadlineMs monotonic time at which all of it is over
   */
  async stop(deadlineMs: number): Promise<readonly OuterFailure[]> {
    const limit = (): number =>
      Math.max(shortestStopMs, Math.min(longestStopMs, Math.round(deadlineMs - this.clock.monotonic())));
    // A part that is coming up is waited for: otherwise it would stay up.
    await within(this.clock, limit(), this.starting);
    const failures: OuterFailure[] = [];
    for (const part of this.started.reverse()) {
      const limitMs = limit();
      const stopping = attempt(() => part.stop());
      const end = await within(this.clock, limitMs, stopping);
      if (end?.ok === true) continue;
      const error = end === undefined ? new Error(`${part.name} did not stop within ${limitMs} ms`) : end.error;
      failures.push({ part: part.name, error });
    }
    return failures;
  }

  private async startEach(stopping: AbortSignal): Promise<void> {
    for (const part of this.parts) {
      if (stopping.aborted) return;
      this.current = part.name;
      await part.start();
      this.started.push(part);
    }
  }
}
