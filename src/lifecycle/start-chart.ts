import type { StartTimelineEntry } from '../contracts/reports.js';

const widthOfBars = 40;
/** More lines than this nobody reads; those that took longest are kept. */
const mostLines = 50;

/**
 * The start as the lines of a chart, one for each worker: when it was told to start and when it was ready, in milliseconds, and what it
 * needed. A dot is a column in which it was on its way.
 */
export function startChart(timeline: readonly StartTimelineEntry[], nowMs: number): string[] {
  const endOf = ({ readyMs }: StartTimelineEntry): number => readyMs ?? nowMs;
  const shown =
    timeline.length <= mostLines
      ? timeline
      : timeline.toSorted((a, b) => endOf(b) - b.startedMs - (endOf(a) - a.startedMs)).slice(0, mostLines);
  const totalMs = Math.max(1, ...shown.map(endOf));
  const column = (ms: number): number => Math.round((ms / totalMs) * widthOfBars);
  const nameWidth = Math.max(0, ...shown.map(({ worker }) => worker.length));
  const lines = shown.map((entry) => {
    const from = Math.min(column(entry.startedMs), widthOfBars - 1);
    const to = Math.max(column(endOf(entry)), from + 1);
    const bar = `${' '.repeat(from)}${'.'.repeat(to - from)}`.padEnd(widthOfBars);
    const times = `${entry.startedMs} to ${entry.readyMs === undefined ? '(not ready)' : entry.readyMs} ms`;
    const needed = entry.waitedFor.length === 0 ? '' : `, needs ${entry.waitedFor.join(', ')}`;
    return `  ${entry.worker.padEnd(nameWidth)} |${bar}| ${times}${needed}`;
  });
  const left = timeline.length - shown.length;
  return [...lines, ...(left > 0 ? [`  and ${left} more that took less`] : [])];
}
