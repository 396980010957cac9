import type { Trigger } from '../contracts/trigger.js';
import { formatDuration } from '../time/duration.js';

/** A trigger as it would be said; undefined is that of a worker that decides by itself when to run. */
export function triggerText(trigger: Trigger | undefined): string {
  if (trigger === undefined) return 'by itself';
  switch (trigger.kind) {
    case 'once':
      return 'once';
    case 'continuously':
      return 'continuously';
    case 'every':
      return `every ${formatDuration(trigger.periodMs)}`;
    case 'cron':
      return `cron ${trigger.expression} ${trigger.timezone}`;
  }
}
