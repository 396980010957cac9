import type { WorkerOrder, WorkerReport } from '../../contracts/reports.js';
import type { Backoff, EffectiveWorkerOptions, HealthPolicy } from '../../contracts/worker-options.js';
import type { Trigger } from '../../contracts/trigger.js';
import { amount, anyObject, count, flag, instant, list, named, optional, shape, text, word } from './shape.js';

type Kind<K extends Trigger['kind']> = Extract<Trigger, { readonly kind: K }>;

/** Where a worker is in its life. */
export const workerState = word(
  'created',
  'waiting',
  'starting',
  'running',
  'paused',
  'backing-off',
  'standby',
  'stopping',
  'completed',
  'stopped',
  'failed',
);

const part = { type: 'number', minimum: 0, maximum: 1 };

/** What routes say about workers. */
export const workerSchemas = {
  Trigger: {
    description: 'what makes a run happen by itself',
    oneOf: [
      shape<Kind<'once'>>('one run', { kind: word('once') }),
      shape<Kind<'continuously'>>('run after run', { kind: word('continuously'), idleMs: amount }),
      shape<Kind<'every'>>('one run each period', {
        kind: word('every'),
        periodMs: amount,
        jitter: part,
        immediately: flag,
      }),
      shape<Kind<'cron'>>('by the calendar', {
        kind: word('cron'),
        expression: text,
        timezone: text,
        overlap: word('skip', 'queue-one'),
        missed: word('skip', 'run-once'),
      }),
    ],
  },
  Backoff: shape<Backoff>('waits that grow', { initialMs: amount, maxMs: amount, factor: amount, jitter: part }),
  WorkerOptions: shape<WorkerReport['options']>(
    'what is in force: what the code says, with what configuration overrides',
    {
      name: text,
      trigger: optional(named('Trigger')),
      timeoutMs: optional(amount),
      critical: flag,
      needs: list(text),
      until: shape<EffectiveWorkerOptions['until']>('when it has done enough', {
        runs: optional(count),
        durationMs: optional(amount),
        idleRuns: optional(count),
      }),
      retry: named('Backoff'),
      restart: shape<EffectiveWorkerOptions['restart']>('what happens when it ends by itself', {
        on: word('never', 'failure', 'exit'),
        max: count,
        withinMs: amount,
        backoff: named('Backoff'),
        then: word('fail-worker', 'stop-application'),
      }),
      stop: shape<EffectiveWorkerOptions['stop']>('its budget on the stop ladder', {
        drainMs: amount,
        abortMs: amount,
      }),
      health: shape<HealthPolicy>('how outcomes become health', {
        degradedAfter: count,
        unhealthyAfter: count,
        recoverAfter: count,
        stuckAfterMs: optional(amount),
        staleAfterMs: optional(amount),
        rejectedRatio: part,
      }),
      isolation: word('inline', 'thread'),
      replicas: word('every', 'one'),
      ledger: count,
    },
  ),
  Worker: shape<WorkerReport>('a worker as an operator sees it', {
    name: text,
    module: text,
    state: workerState,
    since: instant,
    waitingFor: optional(list(text)),
    pausedBy: optional(text),
    lastOrder: optional(
      shape<WorkerOrder>('what an operator has told it last, besides runs', {
        action: word('start', 'stop', 'restart', 'pause', 'resume'),
        by: text,
        reason: optional(text),
        at: instant,
      }),
    ),
    actions: list(word('start', 'stop', 'restart', 'pause', 'resume', 'run')),
    error: optional(named('Error')),
    health: named('OwnHealth'),
    critical: flag,
    trigger: optional(named('Trigger')),
    nextRun: optional(instant),
    currentRun: optional(named('Run')),
    lastRun: optional(named('Run')),
    runs: count,
    restarts: count,
    details: optional(anyObject),
    options: named('WorkerOptions'),
  }),
};
