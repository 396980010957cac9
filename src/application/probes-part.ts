import type { PlatformSettings } from '../config/platform-settings.js';
import type { Clock } from '../contracts/clock.js';
import type { Logger } from '../contracts/logger.js';
import { controlLimits } from '../control/control-settings.js';
import { inUrl } from '../control/door/host-rules.js';
import { isLoopback } from '../control/door/loopback.js';
import { LoopWatch, stallAfterMs } from '../health/loop-watch.js';
import type { HealthService } from '../health/health-service.js';
import type { ProbeMemory } from '../health/probe-memory.js';
import type { ProbeAddress, ProbeThread } from '../health/probe-thread.js';
import type { OuterPart } from '../lifecycle/participant.js';
import { errorFields } from '../plain/error-fields.js';
import { SystemClock } from '../time/system-clock.js';
import { runsBetween } from '../worker/run-overlap.js';
import type { Supervisor } from '../worker/supervisor.js';
import { readProbeThread } from './probe-thread-setting.js';

/** What a {@link ProbesPart} is made of. */
export interface ProbesPartOptions {
  readonly settings: Pick<PlatformSettings, 'control' | 'health'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Whether the application still starts. */
  readonly isStarting: () => boolean;
  /** Whether `plba.health.blockedAfter` was configured: without a thread it has no effect, and somebody expects one. */
  readonly isBlockedAfterSet: boolean;
}

/** A thread that was lost is started again after so long. */
const restartAfterMs = 1_000;

/**
 * Watches the event loop, and has probes answered by a thread where the settings say so: `plba.control.probes: thread`. Up
 * before everything else, down after everything else.
 */
export class ProbesPart implements OuterPart {
  readonly name = 'probes';
  /** Where probes are answered; undefined while they are not, or not by a thread. */
  address: ProbeAddress | undefined;
  /** Notices that the event loop was blocked; undefined where time is not real. */
  readonly watch: LoopWatch | undefined;
  private readonly wish: ProbeAddress | undefined;
  private memory: ProbeMemory | undefined;
  private thread: ProbeThread | undefined;
  private readonly idPrefixes = new Map<number, string>();
  private isStopping = false;
  private subjects: { readonly supervisor: Supervisor; readonly health: HealthService } | undefined;

  /** @throws PlbaError what `readProbeThread` throws */
  constructor(private readonly options: ProbesPartOptions) {
    const { clock, log, settings, isStarting } = options;
    this.wish = settings.control.enabled ? readProbeThread(settings.control) : undefined;
    if (!(clock instanceof SystemClock)) return;
    this.watch = new LoopWatch({
      clock: new SystemClock(),
      log,
      isStarting,
      runsBetween: (fromMs, toMs) => runsBetween(this.subjects?.supervisor.workers ?? [], fromMs, toMs),
      onBeat: () => {
        this.memory?.beat();
      },
    });
  }

  /** Whose health it is. Before {@link start}. */
  connect(supervisor: Supervisor, health: HealthService): void {
    this.subjects = { supervisor, health };
  }

  async start(): Promise<void> {
    this.watch?.start();
    const { subjects, wish } = this;
    const { isBlockedAfterSet, log } = this.options;
    if (wish === undefined && isBlockedAfterSet) {
      log.warn(
        'plba.health.blockedAfter has no effect: a blocked event loop cannot answer; have probes answered by plba.control.probes: thread',
      );
    }
    if (wish === undefined || subjects === undefined) return;
    const { ProbeMemory } = await import('../health/probe-memory.js');
    const { supervisor, health } = subjects;
    const memory = new ProbeMemory(['', ...health.groups()], supervisor.workers.length);
    this.memory = memory;
    const write = (): void => {
      memory.write((group) => health.summary(group === '' ? undefined : group));
    };
    write();
    health.onChange(write);
    this.observeRuns(supervisor, memory);
    this.address = await this.open(wish);
    log.info(`probes are answered by a thread on http://${inUrl(this.address.host)}:${this.address.port}`);
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    this.watch?.stop();
    await this.thread?.close();
    this.address = undefined;
  }

  private async open({ host, port }: ProbeAddress): Promise<ProbeAddress> {
    const { settings, clock, log } = this.options;
    const { memory, subjects } = this;
    if (memory === undefined || subjects === undefined) throw new TypeError('it is not connected');
    const { ProbeThread } = await import('../health/probe-thread.js');
    const data = {
      host,
      port,
      isLoopback: isLoopback(host),
      groups: memory.groups,
      states: memory.states,
      runs: memory.runs,
      workers: subjects.supervisor.workers.map(({ name }) => name),
      blockedAfterMs: settings.health.blockedAfterMs,
      mentionAfterMs: stallAfterMs,
      maxConnections: controlLimits.maxConnections,
    };
    let isUp = false; // before that its loss is the failure of this method
    const thread = new ProbeThread(data, clock, (error) => {
      if (this.thread !== thread || !isUp) return;
      log.error({ err: errorFields(error) }, 'the thread that answers probes is lost, and started again');
      this.reopen(this.address ?? { host, port });
    });
    this.thread = thread;
    for (const [worker, idPrefix] of this.idPrefixes) thread.tell({ worker, idPrefix });
    const address = await thread.listening();
    isUp = true;
    return address;
  }

  /** Probes that nobody answers get the application killed: it is tried again until it works. */
  private reopen(address: ProbeAddress): void {
    const { clock, log } = this.options;
    const open = (): void => {
      if (this.isStopping) return;
      this.open(address).catch((error: unknown) => {
        log.error({ err: errorFields(error) }, 'the thread that answers probes does not come up, and is started again');
        this.reopen(address);
      });
    };
    clock.setTimer(restartAfterMs, open, { keepAlive: false });
  }

  private observeRuns({ workers }: Supervisor, memory: ProbeMemory): void {
    workers.forEach(({ executor }, worker) => {
      executor.observer = {
        began: (run) => {
          memory.began(worker, run.sequence);
          if (!this.idPrefixes.has(worker)) this.tellPrefix(worker, run.runId);
        },
        ended: () => {
          memory.ended(worker);
        },
      };
    });
  }

  /** All ids of a worker's runs begin alike. The thread has to know how before a run can block the loop. */
  private tellPrefix(worker: number, runId: string): void {
    const idPrefix = runId.slice(0, runId.lastIndexOf('-'));
    this.idPrefixes.set(worker, idPrefix);
    this.thread?.tell({ worker, idPrefix });
  }
}
