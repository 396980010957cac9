import type { OpenResource, StopReport, StopResult, WorkerStopReport } from '../contracts/stop-report.js';
import { visibleText } from '../logging/visible.js';
import { describeResource } from './open-resources.js';

/** So many workers have a line each; of more, those that stopped as they should are counted. */
const mostLines = 20;
/** A terminal is at least so wide. */
const width = 80;

/** The stop report in one line. */
export function stopHeadline({ application, reason, exitCode, durationMs }: StopReport): string {
  return `${application} stopped: ${reason} (exit code ${exitCode}, ${durationMs} ms)`;
}

/** The stop report as lines for a person: what an operator sees last. */
export function formatStopReport(report: StopReport): string {
  const workers = report.workers.filter(({ result }) => result !== 'not-started');
  const lines = [
    stopHeadline(report),
    ...(workers.length > mostLines ? fewLines(workers) : workers.map(lineOf)),
    ...report.errors.map(({ message }) => `  ${message}`),
    ...openLines(report.open),
  ];
  return lines.map(visibleText).join('\n');
}

function lineOf({ worker, result, durationMs, open, error }: WorkerStopReport): string {
  return [`  ${worker}: ${result} after ${durationMs} ms`, open && `still open: ${open}`, error?.message]
    .filter((part) => part !== undefined && part !== '')
    .join('; ');
}

/** Those who did not stop as they should, as far as they fit, and how many of the others ended how. */
function fewLines(workers: readonly WorkerStopReport[]): string[] {
  const named = workers.filter(isNotable).slice(0, mostLines);
  const counts = new Map<StopResult, number>();
  const isNamed = new Set(named);
  for (const each of workers) if (!isNamed.has(each)) counts.set(each.result, (counts.get(each.result) ?? 0) + 1);
  const others = [...counts].map(([result, count]) => `${count} ${result}`).join(', ');
  const whose = named.length === 0 ? 'workers' : 'others';
  return [...named.map(lineOf), ...(others === '' ? [] : [`  ${whose}: ${others}`])];
}

function isNotable({ result, error }: WorkerStopReport): boolean {
  return (result !== 'drained' && result !== 'completed') || error !== undefined;
}

function openLines(open: readonly OpenResource[]): string[] {
  if (open.length === 0) return [];
  const owner = open[0]?.owner;
  const head = `  would have kept the process alive${owner === undefined ? '' : `, likely of ${owner}`}:`;
  const resources = open.map(describeResource);
  const line = `${head} ${resources.join(', ')}`;
  return line.length <= width ? [line] : [head, ...resources.map((each) => `    ${each}`)];
}
