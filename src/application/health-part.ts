import type { PlatformSettings } from '../config/platform-settings.js';
import type { HealthContributor, HealthContributorOptions } from '../contracts/health.js';
import { HealthService, type HealthServiceOptions } from '../health/health-service.js';
import type { DrivenLifetime } from '../lifecycle/application-lifetime.js';
import type { OuterPart } from '../lifecycle/participant.js';
import { SystemClock } from '../time/system-clock.js';
import type { Supervisor } from '../worker/supervisor.js';

/** Whose health it is. */
export interface HealthSubjects {
  readonly supervisor: Supervisor;
  readonly contributors: readonly {
    readonly options: HealthContributorOptions;
    readonly instance: HealthContributor;
  }[];
  readonly lifetime: DrivenLifetime;
}

/** Who is told of the first checks. */
export interface FirstChecks {
  asked(contributors: readonly string[]): void;
  answered(contributor: string): void;
}

/** The health of the application, connected to everybody whose health it is. */
export class HealthPart implements OuterPart {
  readonly name = 'health';
  readonly service: HealthService;
  private contributors: readonly string[] = [];

  constructor(
    private readonly settings: PlatformSettings['health'],
    options: Omit<HealthServiceOptions, 'groups'>,
    private readonly firstChecks: FirstChecks,
  ) {
    // Timers of its own: whoever watches schedules does not hang on the chain of timers that drives them.
    const clock = options.clock instanceof SystemClock ? new SystemClock() : options.clock;
    const onCheck = (contributor: string, durationMs: number): void => {
      firstChecks.answered(contributor);
      options.onCheck?.(contributor, durationMs);
    };
    this.service = new HealthService({ ...options, clock, groups: settings.groups, onCheck });
  }

  /** Whether those who need the contributor may start: one that limps can be worked with, one that was never asked cannot. */
  readonly isContributorReady = (name: string): boolean => {
    const status = this.service.contributorHealth(name)?.status;
    return status === 'ok' || status === 'degraded';
  };

  /**
   * Counts everybody in, and follows what happens to them. Once.
   * @throws PlbaError what `addContributor` throws
   */
  connect({ supervisor, contributors, lifetime }: HealthSubjects): void {
    const { service } = this;
    for (const worker of supervisor.workers) service.addWorker(worker.name, worker);
    this.contributors = contributors.map(({ options }) => options.name);
    for (const { options, instance } of contributors)
      service.addContributor({ ...options, ...this.settings.contributors[options.name] }, instance);
    lifetime.onChange((state) => {
      if (state === 'starting' || state === 'running' || state === 'stopping') service.setPhase(state);
    });
    supervisor.onChange((worker) => {
      service.workerChanged(worker.name);
    });
    service.onChange(() => {
      supervisor.prerequisiteChanged();
    });
  }

  start(): void {
    this.firstChecks.asked(this.contributors);
    this.service.start();
  }

  stop(): void {
    this.service.stop();
  }
}
