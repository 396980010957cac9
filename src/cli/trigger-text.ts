import type { Trigger } from '../contracts/trigger.js';
import { formatDuration } from '../time/duration.js';

/** A trigger as it would be said. */
export function triggerText(trigger: Trigger): string {
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
