import { PlbaError } from '../errors.js';
import type { Trigger } from '../contracts/trigger.js';

/** The times of a cron expression in its time zone. */
export interface CronFires {
  /** The first fire after `atMs` (milliseconds since the epoch); undefined when there is none any more. */
  after(atMs: number): number | undefined;
}

/**
 * Compiles the expression of a `cron` trigger. The library behind it is loaded here, by applications that have a calendar.
 * @param owner whose trigger it is, for the message
 * @throws `TRIGGER_INVALID` when the expression or the time zone cannot be understood, or when it never fires
 */
export async function compileCron(trigger: Trigger & { kind: 'cron' }, owner: string): Promise<CronFires> {
  const { Cron } = await import('croner');
  let pattern: InstanceType<typeof Cron>;
  try {
    // Throws a RangeError for a zone it does not know; the library itself would only notice at the first fire.
    new Intl.DateTimeFormat('en', { timeZone: trigger.timezone });
    pattern = new Cron(trigger.expression, { timezone: trigger.timezone, paused: true });
  } catch (cause) {
    throw new PlbaError(
      'TRIGGER_INVALID',
      `${owner} has a trigger that cannot be understood: cron("${trigger.expression}", { timezone: "${trigger.timezone}" })`,
      {
        hint: 'five fields: minute, hour, day of month, month, day of week; and an IANA zone such as "Europe/Berlin"',
        cause,
      },
    );
  }
  const after = (atMs: number): number | undefined => pattern.nextRun(new Date(atMs))?.getTime();
  return { after };
}
