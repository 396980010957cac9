import { type Branch, make } from './tree.js';

/** A stretch of time. */
export interface Stretch {
  readonly startMs: number;
  readonly lengthMs: number;
  readonly tone: string;
}

const width = 1000;
const height = 12;
const thinnest = 4;

/** Stretches of time on a line that is `totalMs` long. The numbers stand beside it, so it is an ornament to screen readers. */
export function barRow(stretches: readonly Stretch[], totalMs: number): Branch {
  const bars = stretches.map(({ startMs, lengthMs, tone }) => {
    const size = Math.max(thinnest, (lengthMs / totalMs) * width);
    const x = Math.min((startMs / totalMs) * width, width - size);
    return make('rect', { class: `bar ${tone}`, x, y: 0, width: size, height, rx: 1 });
  });
  const frame = { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', class: 'bar-row' };
  return make('svg', { ...frame, 'aria-hidden': 'true' }, bars);
}
