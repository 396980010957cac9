import type { Duration } from '../contracts/duration.js';
import type { Logger } from '../contracts/logger.js';
import type { RunContext } from '../contracts/run.js';
import type { RunTrigger } from '../contracts/trigger.js';

/** What a run can be told in the place of what is. */
export type RunChange = Partial<Pick<RunContext, 'attempt' | 'trigger' | 'scheduledFor'>>;

/** A run that says what `change` says, and otherwise what it is. */
export function changeRun(run: RunContext, change: RunChange): RunContext {
  return Object.keys(change).length === 0 ? run : new ChangedRun(run, change);
}

/** Passes everything on that it does not change: a run has its own state, and makes what it is asked for when it is asked. */
class ChangedRun implements RunContext {
  constructor(
    private readonly inner: RunContext,
    private readonly change: RunChange,
  ) {}

  get runId(): string {
    return this.inner.runId;
  }

  get worker(): string {
    return this.inner.worker;
  }

  get trigger(): RunTrigger {
    return this.change.trigger ?? this.inner.trigger;
  }

  get attempt(): number {
    return this.change.attempt ?? this.inner.attempt;
  }

  get scheduledFor(): Date | undefined {
    return this.change.scheduledFor ?? this.inner.scheduledFor;
  }

  get signal(): AbortSignal {
    return this.inner.signal;
  }

  get log(): Logger {
    return this.inner.log;
  }

  get traceId(): string {
    return this.inner.traceId;
  }

  progress(done: number, total?: number, note?: string): void {
    this.inner.progress(done, total, note);
  }

  sleep(duration: Duration): Promise<void> {
    return this.inner.sleep(duration);
  }

  now(): Date {
    return this.inner.now();
  }
}
