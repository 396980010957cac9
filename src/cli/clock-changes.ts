/** An instant at which the clocks of a time zone are changed. */
export interface ClockChange {
  readonly atMs: number;
  /** What the clocks were ahead of UTC before, and are after, in minutes. */
  readonly beforeMinutes: number;
  readonly afterMinutes: number;
}

const dayMs = 86_400_000;
const searchedDays = 400;

/** The first change of the clocks after an instant; undefined when there is none in a good year. */
export function nextClockChange(timezone: string, fromMs: number): ClockChange | undefined {
  const local = new LocalTime(timezone);
  const before = local.offsetMinutes(fromMs);
  for (let day = 1; day <= searchedDays; day++) {
    const afterMinutes = local.offsetMinutes(fromMs + day * dayMs);
    if (afterMinutes === before) continue;
    // Somewhere within this day; the clocks change on a whole minute.
    let low = fromMs + (day - 1) * dayMs;
    let high = fromMs + day * dayMs;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (local.offsetMinutes(middle) === before) low = middle;
      else high = middle;
    }
    return { atMs: high, beforeMinutes: before, afterMinutes };
  }
  return undefined;
}

/** What clocks and calendars in a time zone show. */
export class LocalTime {
  private readonly format: Intl.DateTimeFormat;

  constructor(timezone: string) {
    this.format = new Intl.DateTimeFormat('en-US', { timeZone: timezone, timeZoneName: 'longOffset' });
  }

  /** Minutes ahead of UTC. */
  offsetMinutes(atMs: number): number {
    const name = this.format.formatToParts(atMs).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign, hours, minutes] = /([+-])(\d+):(\d+)/.exec(name) ?? [];
    return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
  }

  /** `Sun 2027-03-28 03:00:00 +02:00`. */
  text(atMs: number): string {
    const offset = this.offsetMinutes(atMs);
    const shown = new Date(atMs + offset * 60_000);
    const weekday = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][shown.getUTCDay()] ?? '';
    const [date, time] = shown.toISOString().split('T');
    return `${weekday} ${date ?? ''} ${time?.slice(0, 8) ?? ''} ${offsetText(offset)}`;
  }
}

/** `02:00`: what the clocks show at an instant, so many minutes ahead of UTC. */
export function clockText(atMs: number, offsetMinutes: number): string {
  return new Date(atMs + offsetMinutes * 60_000).toISOString().slice(11, 16);
}

function offsetText(minutes: number): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
}
