import type { Duration } from '../contracts/duration.js';
import type { HealthContributorOptions } from '../contracts/health.js';
import type { LogLevel } from '../contracts/logger.js';
import type { OtlpSettings } from '../contracts/otlp-settings.js';
import type { CronMissed, CronOverlap } from '../contracts/trigger.js';
import type { WorkerOptions } from '../contracts/worker-options.js';
import { parseDuration } from '../time/duration.js';
import { group, type Field, type Group, type Scalar, type Schema } from './schema.js';

/** A trigger as configuration writes it. */
export type TriggerSetting =
  | 'once'
  | 'continuously'
  | { readonly every: Duration; readonly jitter?: number; readonly immediately?: boolean }
  | { readonly cron: string; readonly timezone?: string; readonly overlap?: CronOverlap; readonly missed?: CronMissed }
  | { readonly continuously: true; readonly idle?: Duration };

/** A token, or several with a name each. */
export type TokenSetting = string | Readonly<Record<string, string>>;

/** What configuration says about a worker: `plba.workers.<name>`. It wins over the decorator. */
export interface WorkerOverrides extends Partial<Omit<WorkerOptions, 'name' | 'trigger'>> {
  readonly trigger?: TriggerSetting;
  /** Whether the application has the worker at all. Default true. */
  readonly enabled?: boolean;
}

/** What configuration says about a health group: `plba.health.groups.<name>`. */
export interface HealthGroupSetting {
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}

/** What configuration says about a health contributor: `plba.health.contributors.<name>`. It wins over the decorator. */
export type HealthContributorOverrides = Partial<Omit<HealthContributorOptions, 'name' | 'groups'>>;

/** The settings of the platform itself: everything under `plba.`, with defaults applied. */
export interface PlatformSettings {
  readonly control: {
    readonly enabled: boolean;
    readonly host: string;
    readonly port: number;
    readonly token?: string;
    /** Whether a token is made at each start, where none is configured, and the console's link with it is written where it started. */
    readonly link: boolean;
    /** Further tokens by what they allow: one, or several with a name each. */
    readonly tokens: Readonly<Partial<Record<'probe' | 'read' | 'operate', TokenSetting>>>;
    /** `Host` headers that are let in besides loopback's own names. */
    readonly hosts: readonly string[];
    /** Path of the Unix socket; false for none. Default: a file per application in the runtime folder. */
    readonly socket?: string | false;
    /** An address that answers probes and nothing else. Default: they are answered with everything else. */
    readonly probes?: string;
    /** `thread`, with or without an address: probes are answered by a thread. Default: they are not. */
    readonly probeThread?: string;
    /** PEM, or the file that it is in. Both or none. */
    readonly tls?: { readonly key?: string; readonly certificate?: string };
  };
  readonly start: { readonly timeoutMs: number };
  readonly shutdown: { readonly timeoutMs: number; readonly delayMs: number; readonly graceMs: number };
  readonly logging: {
    readonly level: LogLevel;
    readonly levels: Readonly<Record<string, LogLevel>>;
    readonly pretty?: boolean;
    /** Whether what is written with `console` becomes log lines. */
    readonly captureConsole: boolean;
  };
  readonly health: {
    /** The event loop blocked for this long is unhealthy in `live`. */
    readonly blockedAfterMs: number;
    /** Who is in which group, besides what the members say themselves. */
    readonly groups: Readonly<Record<string, HealthGroupSetting>>;
    readonly contributors: Readonly<Record<string, HealthContributorOverrides>>;
  };
  readonly telemetry: {
    readonly traces: 'on' | 'off' | 'auto';
    /** Present when anything is said about export: where to may be left to `OTEL_EXPORTER_OTLP_ENDPOINT`. */
    readonly otlp?: Partial<OtlpSettings>;
  };
  readonly workers: Readonly<Record<string, WorkerOverrides>>;
}

const text: Scalar = { kind: 'text' };
const secretText: Scalar = { kind: 'text', secret: true };
const tokens: Schema = { kind: 'either', one: secretText, named: { kind: 'table', value: secretText } };
const flag: Scalar = { kind: 'boolean' };
const time: Scalar = { kind: 'duration' };
const part: Scalar = { kind: 'number', least: 0, most: 1 };
const count: Scalar = { kind: 'integer', least: 1 };
const level: Scalar = { kind: 'text', oneOf: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] };
const words = (...oneOf: string[]): Scalar => ({ kind: 'text', oneOf });
const by = (schema: Schema, byDefault: unknown): Field => ({ schema, byDefault });

const backoff = group({ initial: time, max: time, factor: { kind: 'number', least: 1 }, jitter: part });

const trigger: Schema = {
  kind: 'choice',
  words: ['once', 'continuously'],
  groups: new Map([
    ['every', group({ every: time, jitter: part, immediately: flag })],
    [
      'cron',
      group({ cron: text, timezone: text, overlap: words('skip', 'queue-one'), missed: words('skip', 'run-once') }),
    ],
    ['continuously', group({ continuously: { kind: 'boolean', oneOf: [true] }, idle: time })],
  ]),
};

const workerOptions: Readonly<Record<string, Schema>> = {
  trigger,
  timeout: time,
  critical: flag,
  needs: { kind: 'list', item: text },
  until: group({ runs: count, duration: time, idleRuns: count }),
  retry: backoff,
  restart: group({
    on: words('never', 'failure', 'exit'),
    max: { kind: 'integer', least: 0 },
    within: time,
    backoff,
    then: words('fail-worker', 'stop-application'),
  }),
  stop: group({ drain: time, abort: time }),
  health: group({
    degradedAfter: count,
    unhealthyAfter: count,
    recoverAfter: count,
    stuckAfter: time,
    staleAfter: time,
    rejectedRatio: part,
  }),
  isolation: { kind: 'absent', allowed: 'inline' },
  replicas: { kind: 'absent', allowed: 'every' },
  ledger: count,
};

const workerOverrides = group({ enabled: flag, ...workerOptions });

/** The options of `@worker()` that configuration has as well. */
export const declaredWorkerOptions = group(workerOptions);

const names: Schema = { kind: 'list', item: text };

/** The options of `@healthContributor()` that configuration has as well. */
export const contributorOverrides = group({
  every: time,
  timeout: time,
  critical: flag,
  unhealthyAfter: count,
  recoverAfter: count,
});

/** What is in force where nothing is configured. */
const defaults = {
  control: { enabled: true, host: '127.0.0.1', port: 8090, link: false, hosts: [], probes: 'inline' },
  start: { timeout: '60s' },
  shutdown: { timeout: '25s', delay: 0, grace: '30s' },
  logging: { level: 'info', captureConsole: false },
  health: { blockedAfter: '30s' },
  telemetry: { traces: 'auto' },
} as const;

/** What may stand under `plba.`, with the documented defaults. */
export function platformSchema(workerNames: readonly string[], contributorNames?: readonly string[]): Group {
  const contributors = contributorNames && { known: contributorNames, of: 'health contributor' };
  return group({
    control: group({
      enabled: by(flag, defaults.control.enabled),
      host: by(text, defaults.control.host),
      port: by({ kind: 'integer', least: 0, most: 65_535 }, defaults.control.port),
      token: secretText,
      link: by(flag, defaults.control.link),
      tokens: group({ probe: tokens, read: tokens, operate: tokens }),
      hosts: by({ kind: 'list', item: text }, defaults.control.hosts),
      socket: { kind: 'text', orFalse: true },
      probes: by(text, defaults.control.probes),
      tls: group({ key: secretText, certificate: text }),
    }),
    start: group({ timeout: by(time, defaults.start.timeout) }),
    shutdown: group({
      timeout: by(time, defaults.shutdown.timeout),
      delay: by(time, defaults.shutdown.delay),
      grace: by(time, defaults.shutdown.grace),
    }),
    logging: group({
      level: by(level, defaults.logging.level),
      levels: { kind: 'table', value: level },
      pretty: flag,
      captureConsole: by(flag, defaults.logging.captureConsole),
    }),
    health: group({
      blockedAfter: by(time, defaults.health.blockedAfter),
      groups: { kind: 'table', value: group({ include: names, exclude: names }) },
      contributors: { kind: 'table', value: contributorOverrides, ...(contributors && { names: contributors }) },
    }),
    telemetry: group({
      traces: by(words('on', 'off', 'auto'), defaults.telemetry.traces),
      otlp: group({
        endpoint: { kind: 'text' },
        protocol: words('http/protobuf', 'http/json'),
        headers: { kind: 'table', value: { kind: 'text', secret: true } },
        timeout: time,
        ratio: part,
        metricsEvery: time,
        spansEvery: time,
        queue: count,
        resource: { kind: 'table', value: text },
      }),
    }),
    workers: { kind: 'table', value: workerOverrides, names: { known: workerNames, of: 'worker' } },
  });
}

interface CheckedSettings {
  readonly control?: Partial<PlatformSettings['control']>;
  readonly start?: { readonly timeout?: Duration };
  readonly shutdown?: { readonly timeout?: Duration; readonly delay?: Duration; readonly grace?: Duration };
  readonly logging?: Partial<PlatformSettings['logging']>;
  readonly health?: Partial<Omit<PlatformSettings['health'], 'blockedAfterMs'>> & { readonly blockedAfter?: Duration };
  readonly telemetry?: Partial<PlatformSettings['telemetry']>;
  readonly workers?: PlatformSettings['workers'];
}

/** The settings that a structurally sound `plba:` section amounts to. */
export function platformSettings(checked: CheckedSettings): PlatformSettings {
  const { probes, ...control } = { ...defaults.control, ...checked.control };
  const start = { ...defaults.start, ...checked.start };
  const shutdown = { ...defaults.shutdown, ...checked.shutdown };
  const { blockedAfter, ...health } = { ...defaults.health, ...checked.health };
  const { otlp, ...telemetry } = { ...defaults.telemetry, ...checked.telemetry };
  return {
    control: { tokens: {}, ...control, ...probesSetting(probes) },
    start: { timeoutMs: parseDuration(start.timeout, 'plba.start.timeout') },
    shutdown: {
      timeoutMs: parseDuration(shutdown.timeout, 'plba.shutdown.timeout'),
      delayMs: parseDuration(shutdown.delay, 'plba.shutdown.delay'),
      graceMs: parseDuration(shutdown.grace, 'plba.shutdown.grace'),
    },
    logging: { levels: {}, ...defaults.logging, ...checked.logging },
    health: {
      groups: {},
      contributors: {},
      ...health,
      blockedAfterMs: parseDuration(blockedAfter, 'plba.health.blockedAfter'),
    },
    telemetry: { ...telemetry, ...(otlp !== undefined && Object.keys(otlp).length > 0 && { otlp }) },
    workers: checked.workers ?? {},
  };
}

function probesSetting(probes: string): Pick<PlatformSettings['control'], 'probes' | 'probeThread'> {
  if (probes === 'inline') return {};
  return /^thread(:|$)/.test(probes) ? { probeThread: probes } : { probes };
}
