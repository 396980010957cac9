import type { Clock } from '../contracts/clock.js';
import type { Worker } from '../contracts/worker.js';
import { PlbaError } from '../errors.js';
import { LazyAbort, type Abortable } from '../time/lazy-abort.js';
import { attempt, within, type Attempt } from '../time/within.js';
import { descendStopLadder, type LadderEnd, type StopBudget, type StopRungs } from './stop-ladder.js';
import type { SupervisedContext } from './supervised-context.js';

/** How a start went. `broken-off`, `timed-out`: it has not returned, and {@link WorkerLife.end} deals with that. */
export type StartEnd = Attempt | 'broken-off' | 'timed-out';

const isReady: StartEnd = { ok: true, value: undefined };

/** Something of a life that goes on after its end: what, in words, and when it ends after all. */
export interface Leftover {
  readonly open: string;
  readonly ending: Promise<unknown>;
}

/** How a life ended. `leftover`: it was aborted and says so itself, but its first call of `stop()` has not returned. */
export type LifeEnd =
  | Exclude<LadderEnd, { kind: 'abandoned' | 'aborted' }>
  | (Extract<LadderEnd, { kind: 'abandoned' }> & Leftover)
  | (Extract<LadderEnd, { kind: 'aborted' }> & { readonly leftover?: Leftover });

/**
 * One life of a worker, from its `start()` to the end of its `stop()`: the only place that calls the two. They never
 * overlap: a stop waits for a start that is under way.
 */
export class WorkerLife {
  /** While `start()` has not returned. */
  private starting: Promise<Attempt> | undefined;
  /** Its `stop()` by force has returned: the worker says that nothing is left open. */
  private hasGivenUp = false;

  constructor(
    readonly context: SupervisedContext,
    private readonly worker: Worker,
    private readonly clock: Clock,
  ) {}

  /** Starts the worker. Resolves when it is ready, has failed, takes longer than `limitMs`, or `breakOff` aborts. */
  start(limitMs: number, breakOff: Abortable): StartEnd | Promise<StartEnd> {
    try {
      const ready = this.worker.start(this.context);
      return ready === undefined ? isReady : this.whenReady(ready, limitMs, breakOff);
    } catch (error) {
      return { ok: false, error };
    }
  }

  /** Takes the stop ladder: the worker, and whatever runs it has. A start that is under way is aborted first. */
  async end(budget: StopBudget, hurry: Abortable): Promise<LifeEnd> {
    this.context.close();
    if (this.starting === undefined) return this.descend(this.rungs(), budget, hurry);
    const end = await this.descend(this.rungsOfStart(this.starting), budget, hurry);
    return end.kind === 'drained' ? { kind: 'aborted' } : end;
  }

  /** Gives up what a failed start has left behind. `stop()` is not called: the worker was never up. */
  cleanUp(abortMs: number): Promise<LifeEnd> {
    this.abort();
    const abort = (): Promise<void> => this.context.stopRuns(true);
    return this.descend({ drain: abort, abort }, { drainMs: 0, abortMs }, never);
  }

  private async whenReady(ready: Promise<void>, limitMs: number, breakOff: Abortable): Promise<StartEnd> {
    this.starting = attempt(() => ready);
    const started = await within(this.clock, limitMs, this.starting, breakOff);
    if (started === undefined) return breakOff.aborted ? 'broken-off' : 'timed-out';
    this.starting = undefined;
    return started;
  }

  private async descend(rungs: StopRungs, budget: StopBudget, hurry: Abortable): Promise<LifeEnd> {
    const end = await descendStopLadder(this.clock, rungs, budget, hurry);
    if (end.kind !== 'abandoned') return end;
    const { ending } = end;
    if (!this.hasGivenUp) return { ...end, open: this.describeOpen() };
    return { kind: 'aborted', leftover: { open: 'its first call of stop() has not returned', ending } };
  }

  private describeOpen(): string {
    if (this.starting !== undefined) return 'start() has not returned';
    return this.context.open ?? 'stop() has not returned';
  }

  private rungs(): StopRungs {
    let draining: Promise<unknown> | undefined;
    return {
      drain: () => (draining = this.stop(false)),
      abort: async () => {
        this.abort();
        await this.stop(true);
        this.hasGivenUp = true;
        // The first call is waited for as well: what it does at its end must not happen to the next life.
        await draining?.catch(() => undefined);
      },
    };
  }

  /** Both rungs wait for the start to return. If the worker came up after all, it is stopped at once. */
  private rungsOfStart(starting: Promise<Attempt>): StopRungs {
    this.abort();
    const ended = starting.then(async ({ ok }) => {
      this.starting = undefined;
      await (ok ? this.stop(true) : this.context.stopRuns(true));
    });
    return { drain: () => ended, abort: () => ended };
  }

  // The runs end also when the worker's own stop() forgets them or throws: the context is what drives them.
  private async stop(force: boolean): Promise<void> {
    const stopped = attempt(() => this.worker.stop(force));
    const runs = await attempt(() => this.context.stopRuns(force));
    for (const end of [await stopped, runs]) if (!end.ok) throw end.error;
  }

  private abort(): void {
    const reason = `worker "${this.context.name}" stops and its work must end`;
    this.context.abort(new PlbaError('RUN_ABORTED', reason));
  }
}

const never = new LazyAbort();
