import type { Health, HealthContributorOptions, HealthReport, HealthStatus } from '../../../src/contracts/health.js';
import { HealthService } from '../../../src/health/health-service.js';
import { sweepMs } from '../../../src/health/sweep.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import { type FakeLine, fakeLogger } from '../../fakes/fake-logger.js';

/** A contributor of which a test says what it answers, and that counts how often and how many at once it was asked. */
export class FakeContributor {
  answer: unknown = 'ok';
  asked = 0;
  inFlight = 0;
  mostInFlight = 0;
  readonly signals: AbortSignal[] = [];
  private readonly held: (() => void)[] = [];
  private isHeld = false;

  async check(signal: AbortSignal): Promise<HealthStatus> {
    this.asked++;
    this.signals.push(signal);
    this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight);
    if (this.isHeld) await new Promise<void>((resolve) => this.held.push(resolve));
    this.inFlight--;
    if (this.answer instanceof Error) throw this.answer;
    return this.answer as HealthStatus;
  }

  /** From now on checks hang until they are let go. */
  hang(): void {
    this.isHeld = true;
  }

  letGo(): void {
    this.isHeld = false;
    for (const release of this.held.splice(0)) release();
  }
}

/** A worker of which a test says how it is. */
export interface FakeWorker {
  health: unknown;
  live: unknown;
  reads: number;
  /** How often its state has changed. */
  stateChanges: number;
  /** Until when it says that it stays as it is, on the monotonic clock. */
  steadyUntilMs: number;
  /** What its state says, which wins. */
  state?: Health | undefined;
}

/** A health service in virtual time. */
export class HealthStage {
  readonly clock = new VirtualClock({ at: 0 });
  readonly log = fakeLogger();
  readonly service = new HealthService({
    clock: this.clock,
    log: this.log,
    scrub: (text) => text.replaceAll('s3cr3t', '******'),
  });
  changes = 0;

  constructor() {
    this.service.onChange(() => this.changes++);
  }

  contributor(name: string, options: Omit<HealthContributorOptions, 'name'> = {}): FakeContributor {
    const contributor = new FakeContributor();
    this.service.addContributor({ name, every: '10s', timeout: '2s', ...options }, contributor);
    return contributor;
  }

  worker(name: string, critical = true): FakeWorker {
    const worker: FakeWorker = {
      health: { status: 'ok' },
      live: { status: 'ok' },
      reads: 0,
      steadyUntilMs: -Infinity,
      stateChanges: 0,
    };
    let seen = worker.state;
    this.service.addWorker(name, {
      critical,
      stateHealth: () => worker.state,
      stateChanges: () => {
        if (worker.state !== seen) worker.stateChanges++;
        seen = worker.state;
        return worker.stateChanges;
      },
      health: () => {
        if (worker.state !== undefined) return worker.state;
        worker.reads++;
        if (worker.health instanceof Error) throw worker.health;
        return worker.health as Health;
      },
      liveness: () => worker.live as Health,
      steadyUntil: () => worker.steadyUntilMs,
    });
    return worker;
  }

  /** Asks everybody once and is running. */
  async run(): Promise<void> {
    this.service.start();
    await this.clock.advance(0);
    this.service.setPhase('running');
  }

  /** Blocks the event loop for a minute, so many milliseconds from now: no timer fires meanwhile. */
  blockLoopFrom(inMs: number): void {
    const monotonic = this.clock.monotonic.bind(this.clock);
    let blockedMs = 0;
    this.clock.monotonic = () => monotonic() + blockedMs;
    this.clock.setTimer(inMs, () => (blockedMs = 60_000));
  }

  /** Lets so much time pass that every worker is read again. */
  async sweep(times = 1): Promise<void> {
    await this.clock.advance(times * sweepMs);
  }

  report(group?: string): HealthReport {
    const report = this.service.report(group);
    if (report === undefined) throw new Error(`there is no group "${String(group)}"`);
    return report;
  }

  status(group?: string): HealthStatus {
    return this.report(group).status;
  }

  /** Log lines about health, as level and message. */
  said(): string[] {
    return this.log.lines.map(({ level, message }: FakeLine) => `${level}: ${message}`);
  }
}
