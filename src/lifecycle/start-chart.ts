import type { ContributorTimelineEntry, StartTimelineEntry } from '../contracts/reports.js';

const widthOfBars = 40;
/** More lines than this nobody reads; those that took longest are kept. */
const mostLines = 50;

interface Row {
  readonly name: string;
  readonly startedMs: number;
  readonly endMs: number;
  readonly text: string;
}

/**
 * The start as the lines of a chart, in milliseconds from the start of the application: for each health contributor when it was
 * constructed and first checked; for each worker when it was constructed, told to start and ready, and what it needed. A dot is a
 * column in which it was on its way.
 */
export function startChart(
  timeline: readonly StartTimelineEntry[],
  contributors: readonly ContributorTimelineEntry[],
  nowMs: number,
): string[] {
  const all = [
    ...contributors.map((entry) => contributorRow(entry, nowMs)),
    ...timeline.map((entry) => workerRow(entry, nowMs)),
  ];
  const shown =
    all.length <= mostLines
      ? all
      : all.toSorted((a, b) => b.endMs - b.startedMs - (a.endMs - a.startedMs)).slice(0, mostLines);
  const totalMs = Math.max(1, ...shown.map(({ endMs }) => endMs));
  const column = (ms: number): number => Math.round((ms / totalMs) * widthOfBars);
  const nameWidth = Math.max(0, ...shown.map(({ name }) => name.length));
  const lines = shown.map(({ name, startedMs, endMs, text }) => {
    const from = Math.min(column(startedMs), widthOfBars - 1);
    const to = Math.max(column(endMs), from + 1);
    const bar = `${' '.repeat(from)}${'.'.repeat(to - from)}`.padEnd(widthOfBars);
    return `  ${name.padEnd(nameWidth)} |${bar}| ${text}`;
  });
  const left = all.length - shown.length;
  return [...lines, ...(left > 0 ? [`  and ${left} more that took less`] : [])];
}

function workerRow({ worker, constructedMs, startedMs, readyMs, waitedFor }: StartTimelineEntry, nowMs: number): Row {
  const ready = readyMs === undefined ? 'not ready' : `ready at ${readyMs} ms`;
  const needed = waitedFor.length === 0 ? '' : `, needs ${waitedFor.join(', ')}`;
  const text = `constructed at ${constructedMs}, started at ${startedMs}, ${ready}${needed}`;
  return { name: worker, startedMs, endMs: readyMs ?? nowMs, text };
}

function contributorRow(entry: ContributorTimelineEntry, nowMs: number): Row {
  const { contributor: name, constructedMs, startedMs = nowMs, readyMs } = entry;
  const answered = readyMs === undefined ? 'no answer yet' : `answered at ${readyMs} ms`;
  const text = `constructed at ${constructedMs}, asked at ${startedMs}, ${answered}`;
  return { name, startedMs, endMs: readyMs ?? nowMs, text };
}
