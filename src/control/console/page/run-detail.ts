import { shown } from './absent.js';
import type { Run, Trace } from './answers.js';
import { outcomeOf } from './badges.js';
import { errorOf } from './error-text.js';
import { clockTime, duration, plain } from './format.js';
import type { Part } from './part.js';
import { isRecord } from './problem.js';
import { facts, section } from './tables.js';
import { make, type Tree } from './tree.js';
import { itemsOf } from './troubles.js';
import { waterfall } from './waterfall.js';

/** One run: what it came to, why, what it logged, and where its time went. */
export function runDetail(run: Run, traces: Part<readonly Trace[]>): Tree {
  const { id, started, scheduledFor, durationMs, reason, error, trigger, attempt, traceId, progress } = run;
  return section(
    'The run',
    facts([
      ['Outcome', outcomeOf(run)],
      ['Started', make('time', { datetime: started }, clockTime(started))],
      ['Scheduled for', scheduledFor && clockTime(scheduledFor)],
      ['Took', durationMs !== undefined && duration(durationMs)],
      ['Items', itemsOf(run)],
      ['Trigger', trigger],
      ['Attempt', attempt],
      ['Progress', progress && `${progress.done}${progress.total === undefined ? '' : ` of ${progress.total}`}`],
      ['Reason', reason],
      ['Run id', make('code', {}, id)],
      ['Trace id', make('code', {}, traceId)],
    ]),
    error !== undefined && [make('h3', {}, 'What went wrong'), errorOf(error)],
    make('h3', {}, 'What it logged'),
    logLines(run),
    make('h3', {}, 'Where its time went'),
    shown(traces, 'traces', (all) => {
      const trace = all.find((each) => each.traceId === traceId);
      return trace === undefined
        ? make('p', { class: 'quiet' }, 'It has made no spans, or they are no longer kept.')
        : waterfall(trace);
    }),
  );
}

function logLines({ log = [], logDropped = 0 }: Run): Tree {
  const lines = [...(logDropped > 0 ? [`… ${logDropped} earlier lines are not kept`] : []), ...log.map(lineOf)];
  if (lines.length === 0) return make('p', { class: 'quiet' }, 'No lines are kept of this run.');
  return make(
    'pre',
    { class: 'log', tabindex: 0, role: 'region', 'aria-label': 'Log lines of the run' },
    lines.join('\n'),
  );
}

/** What every line of a run says; the page says it elsewhere. */
const sameForAll = new Set(['application', 'name', 'worker', 'runId', 'trace_id', 'span_id', 'trace_flags']);

function lineOf(entry: Readonly<Record<string, unknown>>): string {
  const { time, level, msg, err, ...others } = entry;
  const clock = typeof time === 'string' ? new Date(time).toLocaleTimeString() : '';
  const more = Object.entries(others).filter(([name]) => !sameForAll.has(name));
  const stack = isRecord(err) ? err['stack'] : undefined;
  const line = [
    clock,
    typeof level === 'string' ? level.toUpperCase() : '',
    plain(msg),
    ...more.map(([name, value]) => `${name}=${plain(value)}`),
  ];
  return line.filter(Boolean).join('  ') + (typeof stack === 'string' ? `\n${stack}` : '');
}
