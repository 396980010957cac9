import type { RunProgress } from '../contracts/run.js';
import { formatDuration } from '../time/duration.js';

const widestBar = 24;
const narrowestBar = 4;
/** Room that is left for the numbers, before the bar gets narrower. */
const numbersBeside = 55;

/** What a line about a run in progress is made of. */
export interface BarParts {
  readonly name: string;
  readonly progress: RunProgress;
  /** How long ago that was said, in milliseconds. */
  readonly ageMs: number;
  /** What stands there at the end of the run, in place of the time that is left. */
  readonly end?: string;
}

/**
 * A run in progress as one line for people: `intake [======------]  50% 500/1000 52.3/s 9.6s left: file 500.xml`. Without a total
 * there is no bar, and nobody knows how long it will take.
 *
 * @param columns how wide it may be; what does not fit is left out from its end
 */
export function barText({ name, progress, ageMs, end }: BarParts, columns: number): string {
  const { done, total, perSecond, leftMs, note } = progress;
  const words = [name];
  if (total !== undefined && total > 0) {
    const part = Math.min(1, Math.max(0, done / total));
    // Rounded down: all of it is done only when it is.
    const percent = `${Math.floor(part * 100)}%`.padStart(4);
    const width = Math.min(widestBar, Math.max(narrowestBar, columns - numbersBeside));
    words.push(`[${'='.repeat(Math.floor(part * width)).padEnd(width, '-')}]${percent}`, `${done}/${total}`);
  } else {
    words.push(`${done} done`);
  }
  if (perSecond !== undefined) words.push(`${paceOf(perSecond)}/s`);
  if (end !== undefined) words.push(end);
  else if (leftMs !== undefined) words.push(`${formatDuration(Math.max(0, leftMs - ageMs))} left`);
  return cutTo(columns, `${words.join(' ')}${note === undefined || note === '' ? '' : `: ${note}`}`);
}

function paceOf(perSecond: number): string {
  return perSecond >= 100 ? String(Math.round(perSecond)) : String(Number(perSecond.toPrecision(3)));
}

/** As much as fits. Whatever is no Latin text is taken for two columns wide: too short a line does no harm, too long a one does. */
function cutTo(columns: number, text: string): string {
  let width = 0;
  let cut = '';
  for (const character of text) {
    width += (character.codePointAt(0) ?? 0) > 0x2ff ? 2 : 1;
    if (width > columns) break;
    cut += character;
  }
  return cut;
}
