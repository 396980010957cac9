import type { Duration } from './duration.js';
import type { Trigger } from './trigger.js';

/** Options of `@worker()`. Each can be overridden by name from configuration: `plba.workers.<name>.<option>`. */
export interface WorkerOptions {
  /** Unique in the application: letters, digits, `-`, `_` and `.`, starting with a letter or digit. */
  readonly name: string;
  /** What makes a `RoutineWorker` run. Default `continuously()`. */
  readonly trigger?: Trigger;
  /** How long one run may take; longer is `failed`. Default: no limit. */
  readonly timeout?: Duration;
  /** Whether the application is lost without this worker. Default true. */
  readonly critical?: boolean;
  /** Workers and health contributors, by name, that must be ready first. A `once` worker is ready when it has completed. */
  readonly needs?: readonly string[];
  /** When the worker has done enough and completes. Default: never. */
  readonly until?: UntilOptions;
  /** How long to wait before the next run after a `blocked` or `failed` one. */
  readonly retry?: BackoffOptions;
  /** What happens when the worker ends by itself and should not have. */
  readonly restart?: RestartOptions;
  /** How long each rung of the stop ladder may take. */
  readonly stop?: StopOptions;
  /** How outcomes become health. */
  readonly health?: HealthPolicyOptions;
  /** Where the work runs. Default `'inline'`. `'thread'` is refused at start: the part behind it does not exist yet. */
  readonly isolation?: 'inline' | 'thread';
  /** On how many machines the worker runs. Default `'every'`. `'one'` is refused at start: the part behind it does not exist yet. */
  readonly replicas?: 'every' | 'one';
  /** How many runs the ledger keeps: half of them the latest, half older ones that say something. Default 50. */
  readonly ledger?: number;
}

/** Conditions of which the first one met completes the worker. */
export interface UntilOptions {
  /** After so many runs, whatever their outcome. */
  readonly runs?: number;
  /** So long after the worker started. */
  readonly duration?: Duration;
  /** After so many `idle` runs in a row. */
  readonly idleRuns?: number;
}

/** Exponential backoff: waits of `initial`, `initial * factor`, … up to `max`, each shortened by a random part. */
export interface BackoffOptions {
  /** The first wait. Default `'1s'`. */
  readonly initial?: Duration;
  /** The longest wait. Default `'30s'`. */
  readonly max?: Duration;
  /** By how much each wait grows. Default 2. */
  readonly factor?: number;
  /** The part of a wait that is left to chance, 0 to 1: a wait of 10 s with 0.2 takes 8 to 10 s. Default 0.2. */
  readonly jitter?: number;
}

/** Restart window as in OTP supervisors: more than `max` restarts within `within` escalates. */
export interface RestartOptions {
  /** `failure`: when it failed; `exit`: also when it completed; `never`. Default `'failure'`. */
  readonly on?: 'never' | 'failure' | 'exit';
  /** How many restarts `within` allows. Default 5. */
  readonly max?: number;
  /** The sliding window. Default `'1m'`. */
  readonly within?: Duration;
  /** How long to wait before a restart. */
  readonly backoff?: BackoffOptions;
  /** What follows when restarting is over. Default `'stop-application'` for a critical worker, else `'fail-worker'`. */
  readonly then?: 'fail-worker' | 'stop-application';
}

/** The worker's own budget on the stop ladder. */
export interface StopOptions {
  /** How long the work in progress may finish. Default `'5s'`. */
  readonly drain?: Duration;
  /** How long it may take to give up once aborted. Default `'2s'`. After that it is abandoned. */
  readonly abort?: Duration;
}

/** How outcomes and the passing of time become the health of a worker. */
export interface HealthPolicyOptions {
  /** `blocked` or `failed` runs in a row that degrade. Default 2. */
  readonly degradedAfter?: number;
  /** `failed` runs in a row that are unhealthy. Default 5. */
  readonly unhealthyAfter?: number;
  /** Successes in a row that recover. Default 1. */
  readonly recoverAfter?: number;
  /** No progress inside a run for this long is unhealthy. Default: never. */
  readonly stuckAfter?: Duration;
  /** No success for this long is unhealthy. Default: never. */
  readonly staleAfter?: Duration;
  /** A `partial` run with a larger part rejected than this degrades. 0 to 1. Default 0.5. */
  readonly rejectedRatio?: number;
}

/** {@link BackoffOptions} with everything decided. */
export interface Backoff {
  readonly initialMs: number;
  readonly maxMs: number;
  readonly factor: number;
  readonly jitter: number;
}

/** {@link HealthPolicyOptions} with everything decided. */
export interface HealthPolicy {
  readonly degradedAfter: number;
  readonly unhealthyAfter: number;
  readonly recoverAfter: number;
  readonly stuckAfterMs?: number;
  readonly staleAfterMs?: number;
  readonly rejectedRatio: number;
}

/** {@link WorkerOptions} after defaults and configuration: what is in force. Durations in milliseconds. */
export interface EffectiveWorkerOptions {
  readonly name: string;
  readonly trigger: Trigger;
  readonly timeoutMs?: number;
  readonly critical: boolean;
  readonly needs: readonly string[];
  readonly until: { readonly runs?: number; readonly durationMs?: number; readonly idleRuns?: number };
  readonly retry: Backoff;
  readonly restart: {
    readonly on: 'never' | 'failure' | 'exit';
    readonly max: number;
    readonly withinMs: number;
    readonly backoff: Backoff;
    readonly then: 'fail-worker' | 'stop-application';
  };
  readonly stop: { readonly drainMs: number; readonly abortMs: number };
  readonly health: HealthPolicy;
  readonly isolation: 'inline' | 'thread';
  readonly replicas: 'every' | 'one';
  readonly ledger: number;
}
