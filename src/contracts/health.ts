import type { Duration } from './duration.js';

/** The words of health, from best to worst. The worst one wins. */
export type HealthStatus = 'ok' | 'degraded' | 'unhealthy';

/** What a worker or a health contributor says about itself. */
export interface Health {
  readonly status: HealthStatus;
  /** Why, in words that a person on call understands. Expected whenever the status is not `ok`. */
  readonly reason?: string;
  /** Since when it has been so. Default: since the platform first saw it. */
  readonly since?: Date;
  /** Facts behind the status. Shown only to callers with authority. */
  readonly details?: Record<string, unknown>;
}

/** A named question about something that is no worker: a database, a mailbox, a disk. Tag it with `@healthContributor()`. */
export interface HealthContributor {
  /**
   * Answers a status, or a status with its reason. Asked in the background, one question at a time. `signal` aborts at
   * the timeout and when the application stops. A throw, a rejection or a timeout is `unhealthy`.
   */
  check(signal: AbortSignal): HealthStatus | Health | Promise<HealthStatus | Health>;
}

/** Options of `@healthContributor()`. */
export interface HealthContributorOptions {
  /** Unique among the contributors of an application: letters, digits, `-`, `_` and `.`. */
  readonly name: string;
  /** The groups whose status it takes part in, besides the whole. Default `['ready']`. Never `live`. */
  readonly groups?: readonly string[];
  /** From the end of one check to the start of the next. Default `'15s'`. */
  readonly every?: Duration;
  /** A check that takes longer is `unhealthy`. Default `'5s'`. */
  readonly timeout?: Duration;
  /** When false, it counts as `degraded` at worst. Default true. */
  readonly critical?: boolean;
  /** So many `unhealthy` answers in a row make it unhealthy; with fewer it is degraded. Default 1. */
  readonly unhealthyAfter?: number;
  /** So many better answers in a row let it recover. Default 1. */
  readonly recoverAfter?: number;
}

/** Health of one worker or contributor as the application counts it. */
export interface MemberHealth {
  /** What counts: the raw status, softened to `degraded` for a member that is not critical. */
  readonly status: HealthStatus;
  /** What the member said. */
  readonly raw: HealthStatus;
  readonly critical: boolean;
  readonly reason?: string;
  /** Since when the raw status has been what it is. */
  readonly since: Date;
  /** When the member was last asked; absent as long as it has never answered. */
  readonly checkedAt?: Date;
  readonly details?: Record<string, unknown>;
}

/** Health of a group, or of the whole application. */
export interface HealthReport {
  readonly status: HealthStatus;
  /** Since when the status has been what it is. */
  readonly since: Date;
  /** Why, when the cause is the application itself: it starts, it stops. */
  readonly reason?: string;
  readonly workers: Readonly<Record<string, MemberHealth>>;
  readonly contributors: Readonly<Record<string, MemberHealth>>;
}
