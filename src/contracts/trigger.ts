/** What makes a run happen by itself. Make one with `once()`, `continuously()`, `every()` or `cron()`. */
export type Trigger =
  | { readonly kind: 'once' }
  | { readonly kind: 'continuously'; readonly idleMs: number }
  | { readonly kind: 'every'; readonly periodMs: number; readonly jitter: number; readonly immediately: boolean }
  | {
      readonly kind: 'cron';
      readonly expression: string;
      readonly timezone: string;
      readonly overlap: CronOverlap;
      readonly missed: CronMissed;
    };

/** A fire that falls into a run in progress is skipped, or one run is queued behind it (never more than one). */
export type CronOverlap = 'skip' | 'queue-one';

/** A fire that nobody was there for (paused, process suspended, loop blocked) is skipped, or made up for by one run. */
export type CronMissed = 'skip' | 'run-once';

/** What made a run happen: the worker's own trigger, or an operator. */
export type RunTrigger = Trigger['kind'] | 'operator';
