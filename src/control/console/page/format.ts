/** A length of time, as short as it can be said: `12 ms`, `3.4 s`, `5 min 10 s`, `2 h 4 min`, `3 d 2 h`. */
export function duration(ms: number): string {
  if (!Number.isFinite(ms)) return '';
  if (ms < 1) return ms <= 0 ? '0 ms' : '< 1 ms';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  return wholeDuration(Math.round(ms / 1000));
}

/** How long ago an instant was, or how far ahead it is. */
export function fromNow(iso: string, nowMs: number): string {
  const ms = Date.parse(iso) - nowMs;
  if (Math.abs(ms) < 1000) return 'now';
  const length = wholeDuration(Math.round(Math.abs(ms) / 1000));
  return ms > 0 ? `in ${length}` : `${length} ago`;
}

/** How long something has lasted. */
export function lastingFor(iso: string, nowMs: number): string {
  return wholeDuration(Math.max(0, Math.round((nowMs - Date.parse(iso)) / 1000)));
}

const units = [
  { name: 'd', seconds: 86_400 },
  { name: 'h', seconds: 3600 },
  { name: 'min', seconds: 60 },
  { name: 's', seconds: 1 },
] as const;

function wholeDuration(seconds: number): string {
  const at = units.findIndex((unit) => seconds >= unit.seconds);
  const unit = units[at];
  if (unit === undefined) return '0 s';
  const rest = seconds % unit.seconds;
  const next = units[at + 1];
  const more = next === undefined ? 0 : Math.floor(rest / next.seconds);
  const whole = `${Math.floor(seconds / unit.seconds)} ${unit.name}`;
  return next === undefined || more === 0 ? whole : `${whole} ${more} ${next.name}`;
}

/** An instant for people, in their own time zone. */
export function clockTime(iso: string): string {
  const date = new Date(iso);
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? date.toLocaleTimeString() : date.toLocaleString();
}

/** An instant to the second, in UTC as log lines and the command line have it: `2026-01-05 08:00:00Z`. */
export function utcTime(iso: string): string {
  return iso.replace('T', ' ').replace(/\.\d+Z$/, 'Z');
}

/** A number of bytes. */
export function bytes(count: number): string {
  const mebibytes = count / 1024 / 1024;
  return mebibytes < 10 ? `${mebibytes.toFixed(1)} MiB` : `${Math.round(mebibytes)} MiB`;
}

/** How often something happens: `12/s`, `4.5/min`, `2/h`; with its word `12 runs/s`. */
export function rate(perMs: number, word?: string): string {
  const steps = [
    { per: 's', ms: 1000 },
    { per: 'min', ms: 60_000 },
    { per: 'h', ms: 3_600_000 },
  ] as const;
  const step = steps.find(({ ms }) => perMs * ms >= 1) ?? steps[2];
  const value = perMs * step.ms;
  return `${value >= 10 ? Math.round(value) : Number(value.toFixed(1))}${word === undefined ? '' : ` ${word}`}/${step.per}`;
}

/** A count with its word: `1 run`, `2 runs`. */
export function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

/** A value of a setting or an option. */
export function plain(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
