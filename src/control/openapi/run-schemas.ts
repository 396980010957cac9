import type { ErrorSummary } from '../../contracts/error-summary.js';
import type { RunProgress, RunRecord } from '../../contracts/run.js';
import type { SpanRecord, TraceRecord } from '../../contracts/traces.js';
import { amount, anyObject, count, instant, list, named, optional, shape, text, word } from './shape.js';

const traceId = { type: 'string', pattern: '^[0-9a-f]{32}$' };
const outcome = word('worked', 'idle', 'partial', 'blocked', 'failed', 'fatal');
const runTrigger = word('once', 'continuously', 'every', 'cron', 'operator');

/** What routes say about runs. */
export const runSchemas = {
  Error: shape<ErrorSummary>('an error, with the messages of its causes', {
    name: text,
    message: text,
    code: optional(text),
    hint: optional(text),
    causes: optional(list(text)),
  }),
  Progress: shape<RunProgress>('how far a run is', {
    done: { type: 'number' },
    total: optional({ type: 'number' }),
    note: optional(text),
    at: instant,
    perSecond: optional({ type: 'number' }),
    leftMs: optional({ type: 'number' }),
  }),
  Run: shape<RunRecord>('one execution of the work of a worker; without outcome and duration while it is in progress', {
    id: text,
    worker: text,
    trigger: runTrigger,
    attempt: { type: 'integer', minimum: 1 },
    scheduledFor: optional(instant),
    started: instant,
    durationMs: optional(amount),
    outcome: optional(outcome),
    items: optional({ type: 'number' }),
    rejected: optional({ type: 'number' }),
    reason: optional(text),
    error: optional(named('Error')),
    progress: optional(named('Progress')),
    log: optional(list(anyObject)),
    logDropped: optional(count),
    runsDropped: optional(count),
    traceId,
  }),
  Trace: shape<TraceRecord>('a run with all that was done in it', {
    traceId,
    runId: text,
    worker: text,
    trigger: runTrigger,
    started: instant,
    outcome: optional(outcome),
    links: list(shape<TraceRecord['links'][number]>('a span that has caused it', { traceId: text, spanId: text })),
    root: named('Span'),
    droppedSpans: count,
  }),
  Span: shape<SpanRecord>('a part of a run', {
    spanId: text,
    name: text,
    atMs: { type: 'number' },
    durationMs: optional(amount),
    error: optional(text),
    attributes: optional(anyObject),
    children: list(named('Span')),
  }),
};
