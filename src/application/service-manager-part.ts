import type { Clock } from '../contracts/clock.js';
import type { Logger } from '../contracts/logger.js';
import type { WorkerState } from '../contracts/worker.js';
import type { HealthService } from '../health/health-service.js';
import type { DrivenLifetime } from '../lifecycle/application-lifetime.js';
import { SystemdNotify, type ServiceNews } from '../lifecycle/systemd-notify.js';
import type { Supervisor } from '../worker/supervisor.js';

/** What a {@link tellServiceManager} tells of. */
export interface ServiceManagerParts {
  /** Where `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID` are, as systemd sets them. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly lifetime: DrivenLifetime;
  readonly supervisor: Supervisor;
  readonly health: HealthService;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The status line changes at most so often: each change costs a process. */
const statusEveryMs = 1_000;

/**
 * Tells the service manager that has started the process, where it wants to hear it (`NOTIFY_SOCKET` is set): that the
 * application is ready, that it stops, how it is, and, as often as half of `WATCHDOG_USEC`, that work progresses: the event loop
 * turns and the health group `live` is not unhealthy.
 */
export function tellServiceManager(parts: ServiceManagerParts): void {
  const { env, lifetime } = parts;
  if ((env['NOTIFY_SOCKET'] ?? '') === '') return;
  const teller = new ServiceManagerTeller(parts, watchdogMs(env));
  lifetime.onChange(() => {
    teller.lifetimeChanged();
  });
}

/** How long systemd waits for the next sign of life; undefined when it does not wait for one of this process. */
function watchdogMs({ WATCHDOG_USEC, WATCHDOG_PID }: ServiceManagerParts['env']): number | undefined {
  if (WATCHDOG_PID !== undefined && WATCHDOG_PID !== String(process.pid)) return undefined;
  const micros = Number(WATCHDOG_USEC);
  return Number.isFinite(micros) && micros > 0 ? micros / 1_000 : undefined;
}

class ServiceManagerTeller {
  private readonly notify: SystemdNotify;
  private lastStatus = '';
  private isStatusDue = false;
  /** Whether the last sign of life was withheld. */
  private isWithheld = false;

  constructor(
    private readonly parts: ServiceManagerParts,
    private readonly watchdogMs: number | undefined,
  ) {
    const { health, log } = parts;
    this.notify = new SystemdNotify((reason) => {
      log.warn(
        `NOTIFY_SOCKET is set, and systemd is told nothing: ${reason}. A unit of Type=notify needs the program systemd-notify; without it, use Type=exec and no WatchdogSec`,
      );
    });
    health.onChange(() => {
      this.healthChanged();
    });
  }

  lifetimeChanged(): void {
    const { state } = this.parts.lifetime;
    const STATUS = this.status();
    if (state === 'running') this.tell({ READY: '1', STATUS });
    else if (state === 'stopping') this.tell({ STOPPING: '1', STATUS });
    else this.tell({ STATUS });
    if (state === 'running' && this.watchdogMs !== undefined) this.watch(this.watchdogMs / 2);
  }

  private healthChanged(): void {
    const { clock, lifetime } = this.parts;
    if (this.isStatusDue || lifetime.state !== 'running') return;
    this.isStatusDue = true;
    clock.setTimer(
      statusEveryMs,
      () => {
        this.isStatusDue = false;
        const STATUS = this.status();
        if (STATUS !== this.lastStatus && lifetime.state === 'running') this.tell({ STATUS });
      },
      { keepAlive: false },
    );
  }

  private watch(everyMs: number): void {
    const { clock, health, lifetime, log } = this.parts;
    if (lifetime.state !== 'running') return; // systemd waits for no sign of life of a service that stops
    const isWithheld = health.summary('live')?.status === 'unhealthy';
    if (!isWithheld) this.tell({ WATCHDOG: '1' });
    else if (!this.isWithheld) log.warn('work does not progress, so systemd is given no sign of life');
    this.isWithheld = isWithheld;
    clock.setTimer(
      everyMs,
      () => {
        this.watch(everyMs);
      },
      { keepAlive: false },
    );
  }

  private tell(news: ServiceNews): void {
    this.lastStatus = news.STATUS ?? this.lastStatus;
    this.notify.tell(news);
  }

  /** One line of how it is: `running, ok: 4 running, 1 paused`. */
  private status(): string {
    const { lifetime, health, supervisor } = this.parts;
    const counts = new Map<WorkerState, number>();
    for (const { state } of supervisor.workers) counts.set(state, (counts.get(state) ?? 0) + 1);
    const workers = [...counts].map(([state, count]) => `${count} ${state}`).join(', ') || 'none';
    const { state } = lifetime;
    return `${state}${state === 'running' ? `, ${health.summary()?.status ?? 'ok'}` : ''}; workers: ${workers}`;
  }
}
