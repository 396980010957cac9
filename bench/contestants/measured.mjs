// What every contestant has in common: how it is told what to be, and how it says what it has used.
import { writeSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    workers: { type: 'string', default: '1' },
    contributors: { type: 'string', default: '0' },
    bytes: { type: 'string', default: '0' },
    amount: { type: 'string', default: '0' },
    form: { type: 'string', default: '' },
  },
});

/** What this process is to be. Numbers, except `form`: a variant of the contestant. */
export const task = {
  port: Number(values.port),
  workers: Number(values.workers),
  contributors: Number(values.contributors),
  bytes: Number(values.bytes),
  amount: Number(values.amount),
  form: values.form,
};

/** CPU that the whole process has used since it began, all its threads, in microseconds. */
export function cpuMicros() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Says something to the runner: one line of JSON on the fourth file descriptor, so that nothing else is loaded for it. */
export function tell(message) {
  writeSync(3, `${JSON.stringify(message)}\n`);
}

/** Says that a service is ready, and how much it has used, now and whenever the runner asks (by a signal). */
export function tellReady() {
  const used = () => ({ cpuMicros: cpuMicros(), rssBytes: process.memoryUsage.rss() });
  process.on('SIGUSR2', () => tell({ event: 'used', ...used() }));
  tell({ event: 'ready', ...used() });
}

/** An hour: the workers of these contestants are there, and idle. */
export const idlePeriodMs = 3_600_000;
