import type { Run } from './answers.js';
import { clockTime, fromNow, utcTime } from './format.js';
import { type Branch, make, type Tree } from './tree.js';

/** A text that is not broken in its middle, such as a figure with its unit. */
export function whole(text: string): Branch {
  return make('span', { class: 'whole' }, text);
}

/** Each word with a sign of its own shape, so that it can be told without its colour. */
const signs: Readonly<Record<string, string>> = {
  ok: '●',
  degraded: '▲',
  unhealthy: '■',
  worked: '●',
  idle: '○',
  partial: '◐',
  blocked: '▲',
  failed: '■',
  fatal: '■',
};

/** How good or bad a word is: it decides the colour. */
const tones: Readonly<Record<string, string>> = {
  ok: 'good',
  worked: 'good',
  done: 'good',
  running: 'good',
  idle: 'calm',
  completed: 'calm',
  degraded: 'warn',
  partial: 'warn',
  blocked: 'warn',
  refused: 'warn',
  paused: 'warn',
  waiting: 'warn',
  starting: 'warn',
  'backing-off': 'warn',
  stopping: 'warn',
  unhealthy: 'bad',
  failed: 'bad',
  fatal: 'bad',
};

/** The tone of a word of state, health or outcome. */
export function toneOf(word: string): string {
  return tones[word] ?? 'calm';
}

/** A word of state, health or outcome. */
export function badge(word: string): Branch {
  const sign = signs[word];
  const shape = sign === undefined ? undefined : make('span', { 'aria-hidden': 'true', class: 'sign' }, sign);
  return make('span', { class: `badge ${toneOf(word)}` }, shape, word);
}

/** An instant as `2 min ago`, with the exact time behind it. */
export function moment(iso: string, nowMs: number): Branch {
  return make(
    'time',
    { datetime: iso, class: 'whole', title: `${clockTime(iso)} (${utcTime(iso)})` },
    fromNow(iso, nowMs),
  );
}

/** An instant in UTC, with how long ago it was below. */
export function instant(iso: string, nowMs: number): Tree {
  const time = make('time', { datetime: iso, title: clockTime(iso), class: 'whole' }, utcTime(iso));
  return [time, make('span', { class: 'why' }, fromNow(iso, nowMs))];
}

/** What a run came to: its outcome, or that it is still going on. */
export function outcomeOf(run: Pick<Run, 'outcome'>): Branch {
  return run.outcome === undefined ? make('span', { class: 'badge good' }, 'in progress') : badge(run.outcome);
}
