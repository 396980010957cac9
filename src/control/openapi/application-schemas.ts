import type { AuditEntry } from '../../contracts/audit.js';
import type { ConfigChange, ConfigEntry, ConfigReport, ReloadReport } from '../../contracts/config-report.js';
import type { LevelOverride, LoggerReport, LoggingReport, LogLineCounts } from '../../contracts/log-report.js';
import type { ApplicationStatus, ContributorTimelineEntry, StartTimelineEntry } from '../../contracts/reports.js';
import {
  amount,
  anyObject,
  anything,
  byName,
  count,
  flag,
  instant,
  list,
  named,
  optional,
  shape,
  text,
  word,
} from './shape.js';

const level = word('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent');

/** Where an application is in its life. */
export const applicationState = word('created', 'starting', 'running', 'stopping', 'stopped', 'failed');

/** What routes say about the application as a whole. */
export const applicationSchemas = {
  Status: shape<ApplicationStatus>('the application as an operator sees it', {
    name: text,
    state: applicationState,
    since: instant,
    uptimeMs: amount,
    version: { ...text, description: 'of PLBA' },
    modules: list(text),
    workers: { ...byName(count), description: 'how many workers are in each state' },
    process: shape<ApplicationStatus['process']>('the process that it runs in', {
      pid: count,
      node: text,
      host: text,
      rssBytes: amount,
      heapUsedBytes: amount,
    }),
    timeline: list(
      shape<StartTimelineEntry>('milliseconds from the start of the application', {
        worker: text,
        constructedMs: amount,
        startedMs: amount,
        readyMs: optional(amount),
        waitedFor: list(text),
      }),
    ),
    contributorTimeline: list(
      shape<ContributorTimelineEntry>('the same of a health contributor, whose first check it is', {
        contributor: text,
        constructedMs: amount,
        startedMs: optional(amount),
        readyMs: optional(amount),
      }),
    ),
  }),
  Config: shape<ConfigReport>('the configuration in force', {
    since: instant,
    values: list(
      shape<ConfigEntry>('a value and where it came from; secrets as a mask', {
        path: text,
        value: anything,
        source: text,
        isDefault: flag,
      }),
    ),
    refused: optional(
      shape<NonNullable<ConfigReport['refused']>>('what a reload was refused for since then', {
        at: instant,
        by: text,
        reason: text,
      }),
    ),
  }),
  Reload: shape<ReloadReport>('what a reload has changed', {
    changes: list(
      shape<ConfigChange>('a value that is another now', {
        path: text,
        before: optional(anything),
        after: optional(anything),
        source: text,
        effect: word('live', 'partly', 'restart'),
      }),
    ),
    needsRestart: list(text),
  }),
  Logger: shape<LoggerReport>('the level of a logger', {
    configured: level,
    effective: level,
    override: optional(
      shape<LevelOverride>('what was set while it runs', {
        level,
        by: text,
        reason: optional(text),
        since: instant,
        until: optional(instant),
      }),
    ),
  }),
  Logging: shape<LoggingReport>('the levels of all loggers', {
    loggers: byName(named('Logger')),
    lines: shape<LogLineCounts>('what became of the lines so far', { written: count, waiting: count, dropped: count }),
  }),
  AuditEntry: shape<AuditEntry>('a change that somebody asked for', {
    id: count,
    when: instant,
    who: text,
    what: text,
    fields: optional(anyObject),
    reason: optional(text),
    before: optional(anything),
    after: optional(anything),
    result: word('done', 'refused', 'failed'),
    code: optional(text),
  }),
  Stopping: {
    type: 'object',
    description: 'the application stops',
    properties: { state: applicationState },
    required: ['state'],
  },
  Accepted: {
    type: 'object',
    description: 'the change goes on, and is not waited for',
    properties: { accepted: { const: true }, watch: { ...text, description: 'where to look for how it goes on' } },
    required: ['accepted', 'watch'],
  },
};
