import type { TriggerSetting, WorkerOverrides } from '../config/platform-settings.js';
import type { Duration } from '../contracts/duration.js';
import type { Trigger } from '../contracts/trigger.js';
import type {
  Backoff,
  BackoffOptions,
  EffectiveWorkerOptions,
  HealthPolicy,
  HealthPolicyOptions,
  RestartOptions,
  StopOptions,
  UntilOptions,
  WorkerOptions,
} from '../contracts/worker-options.js';
import { PlbaError } from '../errors.js';
import { defaultBackoff, resolveBackoff } from '../time/backoff.js';
import { parseDuration } from '../time/duration.js';
import { checkTrigger, continuously, cron, every, once } from './triggers.js';

type Restart = EffectiveWorkerOptions['restart'];

// What most workers say nothing about, they share. Frozen, for one of them must not change it for the others.
const noNeeds: readonly string[] = Object.freeze([]);
const noEnd: EffectiveWorkerOptions['until'] = Object.freeze({});
const defaultStop: EffectiveWorkerOptions['stop'] = Object.freeze({ drainMs: 5_000, abortMs: 2_000 });
const defaultRestart: Omit<Restart, 'then'> = { on: 'failure', max: 5, withinMs: 60_000, backoff: defaultBackoff };
const restartOfCritical: Restart = Object.freeze({ ...defaultRestart, then: 'stop-application' });
const restartOfOthers: Restart = Object.freeze({ ...defaultRestart, then: 'fail-worker' });
const defaultHealth: HealthPolicy = Object.freeze({
  degradedAfter: 2,
  unhealthyAfter: 5,
  recoverAfter: 1,
  rejectedRatio: 0.5,
});
const defaultTrigger = Object.freeze(continuously());

/** Whether code or configuration says what makes the worker run; else `continuously()` is in force for whoever drives runs. */
export function hasTrigger({ trigger }: EffectiveWorkerOptions): boolean {
  return trigger !== defaultTrigger;
}

const defaultLedger = 50;
const nothing: WorkerOverrides = {};

/**
 * What is in force for a worker: configuration over decorator over default, all durations in milliseconds.
 * @throws `OPTION_INVALID`, `DURATION_INVALID`, `TRIGGER_INVALID` for a value out of range, `OPTION_UNSUPPORTED` for a part
 *   that does not exist yet; each names the worker.
 */
export function effectiveOptions(declared: WorkerOptions, overrides = nothing): EffectiveWorkerOptions {
  const read = new OptionReader(declared.name);
  const timeout = overrides.timeout ?? declared.timeout;
  const critical = overrides.critical ?? declared.critical ?? true;
  const needs = overrides.needs ?? declared.needs;
  const isolation = overrides.isolation ?? declared.isolation ?? 'inline';
  const replicas = overrides.replicas ?? declared.replicas ?? 'every';
  if (isolation !== 'inline') throw unsupported(read.what('isolation'), isolation, 'inline');
  if (replicas !== 'every') throw unsupported(read.what('replicas'), replicas, 'every');
  return {
    name: declared.name,
    trigger: checkTrigger(
      overrides.trigger === undefined
        ? (declared.trigger ?? defaultTrigger)
        : triggerOf(overrides.trigger, declared.trigger),
      read.what('trigger'),
    ),
    ...(timeout !== undefined && { timeoutMs: read.ms('timeout', timeout) }),
    critical,
    needs: needs === undefined ? noNeeds : [...new Set(needs)],
    until: until(both(declared.until, overrides.until), read),
    retry: read.backoff('retry', both(declared.retry, overrides.retry)),
    restart: restart(declared.restart, overrides.restart, critical, read),
    stop: stop(both(declared.stop, overrides.stop), read),
    health: healthPolicy(both(declared.health, overrides.health), read),
    isolation,
    replicas,
    ledger: read.count('ledger', overrides.ledger ?? declared.ledger ?? defaultLedger, 1),
  };
}

/** Reads single options of a worker. */
class OptionReader {
  constructor(private readonly worker: string) {}

  what(path: string): string {
    return `option "${path}" of worker "${this.worker}"`;
  }

  ms(path: string, value: Duration): number {
    return parseDuration(value, this.what(path));
  }

  backoff(path: string, options: BackoffOptions | undefined): Backoff {
    return options === undefined ? defaultBackoff : resolveBackoff(options, this.what(path));
  }

  count(path: string, value: number, least: number): number {
    if (Number.isSafeInteger(value) && value >= least) return value;
    throw new PlbaError('OPTION_INVALID', `${this.what(path)} is ${value}`, {
      hint: `give a whole number, ${least} or more`,
    });
  }
}

/** What the decorator says with what configuration overrides; undefined when neither says anything. */
function both<T extends object>(declared: T | undefined, override: T | undefined): T | undefined {
  return override === undefined ? declared : { ...declared, ...override };
}

function until(options: UntilOptions | undefined, read: OptionReader): EffectiveWorkerOptions['until'] {
  if (options === undefined) return noEnd;
  const { runs, duration, idleRuns } = options;
  return {
    ...(runs !== undefined && { runs: read.count('until.runs', runs, 1) }),
    ...(duration !== undefined && { durationMs: read.ms('until.duration', duration) }),
    ...(idleRuns !== undefined && { idleRuns: read.count('until.idleRuns', idleRuns, 1) }),
  };
}

function restart(
  declared: RestartOptions | undefined,
  override: RestartOptions | undefined,
  critical: boolean,
  read: OptionReader,
): Restart {
  const options = both(declared, override);
  const byDefault = critical ? restartOfCritical : restartOfOthers;
  if (options === undefined) return byDefault;
  const { on, max, within, then } = options;
  return {
    on: on ?? byDefault.on,
    max: max === undefined ? byDefault.max : read.count('restart.max', max, 0),
    withinMs: within === undefined ? byDefault.withinMs : read.ms('restart.within', within),
    backoff: read.backoff('restart.backoff', both(declared?.backoff, override?.backoff)),
    then: then ?? byDefault.then,
  };
}

function stop(options: StopOptions | undefined, read: OptionReader): EffectiveWorkerOptions['stop'] {
  if (options === undefined) return defaultStop;
  const { drain, abort } = options;
  return {
    drainMs: drain === undefined ? defaultStop.drainMs : read.ms('stop.drain', drain),
    abortMs: abort === undefined ? defaultStop.abortMs : read.ms('stop.abort', abort),
  };
}

function healthPolicy(options: HealthPolicyOptions | undefined, read: OptionReader): HealthPolicy {
  if (options === undefined) return defaultHealth;
  const { stuckAfter, staleAfter, rejectedRatio = defaultHealth.rejectedRatio } = options;
  if (!(rejectedRatio >= 0 && rejectedRatio <= 1)) {
    throw new PlbaError('OPTION_INVALID', `${read.what('health.rejectedRatio')} is ${rejectedRatio}`, {
      hint: 'give a part, 0 to 1',
    });
  }
  const count = (name: 'degradedAfter' | 'unhealthyAfter' | 'recoverAfter'): number =>
    read.count(`health.${name}`, options[name] ?? defaultHealth[name], 1);
  return {
    degradedAfter: count('degradedAfter'),
    unhealthyAfter: count('unhealthyAfter'),
    recoverAfter: count('recoverAfter'),
    ...(stuckAfter !== undefined && { stuckAfterMs: read.ms('health.stuckAfter', stuckAfter) }),
    ...(staleAfter !== undefined && { staleAfterMs: read.ms('health.staleAfter', staleAfter) }),
    rejectedRatio,
  };
}

/** The trigger that configuration says. What it leaves out is as the code has it, as long as both mean the same kind. */
function triggerOf(setting: TriggerSetting, declared?: Trigger): Trigger {
  if (setting === 'once') return once();
  if (setting === 'continuously') return continuously();
  if ('every' in setting) {
    const { every: period, ...options } = setting;
    return every(period, { ...(declared?.kind === 'every' && declared), ...options });
  }
  if ('cron' in setting) {
    const { cron: expression, ...options } = setting;
    return cron(expression, { ...(declared?.kind === 'cron' && declared), ...options });
  }
  const idle = setting.idle ?? (declared?.kind === 'continuously' ? declared.idleMs : undefined);
  return continuously(idle === undefined ? {} : { idle });
}

function unsupported(what: string, value: string, instead: string): PlbaError {
  return new PlbaError('OPTION_UNSUPPORTED', `${what} is "${value}", and the part behind it does not exist yet`, {
    hint: `leave it out or use "${instead}"`,
  });
}
