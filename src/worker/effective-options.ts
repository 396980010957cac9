import type { TriggerSetting, WorkerOverrides } from '../config/platform-settings.js';
import type { Duration } from '../contracts/duration.js';
import type { Trigger } from '../contracts/trigger.js';
import type {
  EffectiveWorkerOptions,
  HealthPolicy,
  HealthPolicyOptions,
  WorkerOptions,
} from '../contracts/worker-options.js';
import { PlbaError } from '../errors.js';
import { resolveBackoff } from '../time/backoff.js';
import { parseDuration } from '../time/duration.js';
import { continuously, cron, every, once } from './triggers.js';

/**
 * What is in force for a worker: configuration over decorator over default, all durations in milliseconds.
 * @throws `OPTION_INVALID`, `DURATION_INVALID`, `TRIGGER_INVALID` for a value out of range, `OPTION_UNSUPPORTED` for a part
 *   that does not exist yet; each names the worker.
 */
export function effectiveOptions(declared: WorkerOptions, overrides: WorkerOverrides = {}): EffectiveWorkerOptions {
  const { name } = declared;
  const option = (path: string): string => `option "${path}" of worker "${name}"`;
  const ms = (path: string, value: Duration): number => parseDuration(value, option(path));
  const count = (path: string, value: number, least: number): number => {
    if (!Number.isSafeInteger(value) || value < least) {
      throw new PlbaError('OPTION_INVALID', `${option(path)} is ${value}`, {
        hint: `give a whole number, ${least} or more`,
      });
    }
    return value;
  };

  const timeout = overrides.timeout ?? declared.timeout;
  const critical = overrides.critical ?? declared.critical ?? true;
  const until = { ...declared.until, ...overrides.until };
  const restart = { ...declared.restart, ...overrides.restart };
  const stop = { ...declared.stop, ...overrides.stop };
  const isolation = overrides.isolation ?? declared.isolation ?? 'inline';
  const replicas = overrides.replicas ?? declared.replicas ?? 'every';
  if (isolation !== 'inline') throw unsupported(option('isolation'), isolation, 'inline');
  if (replicas !== 'every') throw unsupported(option('replicas'), replicas, 'every');

  return {
    name,
    trigger:
      overrides.trigger === undefined
        ? (declared.trigger ?? continuously())
        : readTrigger(overrides.trigger, option('trigger')),
    ...(timeout !== undefined && { timeoutMs: ms('timeout', timeout) }),
    critical,
    needs: [...new Set(overrides.needs ?? declared.needs ?? [])],
    until: {
      ...(until.runs !== undefined && { runs: count('until.runs', until.runs, 1) }),
      ...(until.duration !== undefined && { durationMs: ms('until.duration', until.duration) }),
      ...(until.idleRuns !== undefined && { idleRuns: count('until.idleRuns', until.idleRuns, 1) }),
    },
    retry: resolveBackoff({ ...declared.retry, ...overrides.retry }, option('retry')),
    restart: {
      on: restart.on ?? 'failure',
      max: count('restart.max', restart.max ?? 5, 0),
      withinMs: ms('restart.within', restart.within ?? '1m'),
      backoff: resolveBackoff(
        { ...declared.restart?.backoff, ...overrides.restart?.backoff },
        option('restart.backoff'),
      ),
      then: restart.then ?? (critical ? 'stop-application' : 'fail-worker'),
    },
    stop: { drainMs: ms('stop.drain', stop.drain ?? '5s'), abortMs: ms('stop.abort', stop.abort ?? '2s') },
    health: healthPolicy({ ...declared.health, ...overrides.health }, { ms, count, option }),
    isolation,
    replicas,
    ledger: count('ledger', overrides.ledger ?? declared.ledger ?? 50, 1),
  };
}

function healthPolicy(
  options: HealthPolicyOptions,
  read: {
    ms: (path: string, value: Duration) => number;
    count: (path: string, value: number, least: number) => number;
    option: (path: string) => string;
  },
): HealthPolicy {
  const rejectedRatio = options.rejectedRatio ?? 0.5;
  if (!(rejectedRatio >= 0 && rejectedRatio <= 1)) {
    throw new PlbaError('OPTION_INVALID', `${read.option('health.rejectedRatio')} is ${rejectedRatio}`, {
      hint: 'give a part, 0 to 1',
    });
  }
  return {
    degradedAfter: read.count('health.degradedAfter', options.degradedAfter ?? 2, 1),
    unhealthyAfter: read.count('health.unhealthyAfter', options.unhealthyAfter ?? 5, 1),
    recoverAfter: read.count('health.recoverAfter', options.recoverAfter ?? 1, 1),
    ...(options.stuckAfter !== undefined && { stuckAfterMs: read.ms('health.stuckAfter', options.stuckAfter) }),
    ...(options.staleAfter !== undefined && { staleAfterMs: read.ms('health.staleAfter', options.staleAfter) }),
    rejectedRatio,
  };
}

function readTrigger(setting: TriggerSetting, what: string): Trigger {
  try {
    return triggerOf(setting);
  } catch (error) {
    if (!(error instanceof PlbaError)) throw error;
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    throw new PlbaError(error.code, `${what}: ${error.message}`, { ...hint, cause: error });
  }
}

function triggerOf(setting: TriggerSetting): Trigger {
  if (setting === 'once') return once();
  if (setting === 'continuously') return continuously();
  if ('every' in setting) {
    const { every: period, ...options } = setting;
    return every(period, options);
  }
  if ('cron' in setting) {
    const { cron: expression, ...options } = setting;
    return cron(expression, options);
  }
  return continuously(setting.idle === undefined ? {} : { idle: setting.idle });
}

function unsupported(what: string, value: string, instead: string): PlbaError {
  return new PlbaError('OPTION_UNSUPPORTED', `${what} is "${value}", and the part behind it does not exist yet`, {
    hint: `leave it out or use "${instead}"`,
  });
}
