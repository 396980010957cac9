import { PlbaError } from '../errors.js';
import type { Trigger } from '../contracts/trigger.js';

/** The times of a cron expression in its time zone. */
export interface CronFires {
  /** The first fire after `atMs` (milliseconds since the epoch); undefined when there is none any more. */
  after(atMs: number): number | undefined;
}

const fiveOrSixFields = /^\s*\S+(\s+\S+){4,5}\s*$/;

/**
 * Compiles the expression of a `cron` trigger. The library behind it is loaded here, by applications that have a calendar.
 * Around a change of daylight-saving time a daily time fires once a day: one that the change leaves out comes at
 * the first minute that exists again, one that happens twice fires the first time.
 * @param owner whose trigger it is, for the message
 * @throws `TRIGGER_INVALID` when the expression or the time zone cannot be understood, or when it never fires
 */
export async function compileCron(trigger: Trigger & { kind: 'cron' }, owner: string): Promise<CronFires> {
  const { Cron } = await import('croner');
  const { expression, timezone } = trigger;
  let pattern: InstanceType<typeof Cron>;
  try {
    // The library also takes nicknames and single instants for an expression.
    if (!fiveOrSixFields.test(expression)) throw new RangeError('it does not have five or six fields');
    // Throws a RangeError for a zone it does not know; the library itself would only notice at the first fire.
    new Intl.DateTimeFormat('en', { timeZone: timezone });
    pattern = new Cron(expression, { timezone, paused: true });
  } catch (cause) {
    throw invalid(trigger, owner, 'cannot be understood', cause);
  }
  const after = (atMs: number): number | undefined => pattern.nextRun(new Date(atMs))?.getTime();
  if (after(0) === undefined) throw invalid(trigger, owner, 'never fires');
  return { after };
}

function invalid(trigger: Trigger & { kind: 'cron' }, owner: string, why: string, cause?: unknown): PlbaError {
  const written = `cron("${trigger.expression}", { timezone: "${trigger.timezone}" })`;
  return new PlbaError('TRIGGER_INVALID', `${owner} has a trigger that ${why}: ${written}`, {
    hint: 'five fields: minute, hour, day of month, month, day of week (or six, seconds first); and an IANA zone such as "Europe/Berlin"',
    cause,
  });
}
