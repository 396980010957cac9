import { expect } from 'chai';
import type { Clock, Timer } from '../../../src/contracts/clock.js';
import type { Trigger } from '../../../src/contracts/trigger.js';
import { HealthService } from '../../../src/health/health-service.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import { compileCron } from '../../../src/worker/cron-fires.js';
import { effectiveOptions } from '../../../src/worker/effective-options.js';
import { idle } from '../../../src/worker/outcomes.js';
import { Supervisor } from '../../../src/worker/supervisor.js';
import { continuously, cron, every } from '../../../src/worker/triggers.js';
import { fakeLogger } from '../../fakes/fake-logger.js';
import { routine } from '../../fakes/supervision.js';

/** A clock that can die: nothing that was set fires any more, and nobody is told. */
class MortalClock implements Clock {
  private isDead = false;

  constructor(private readonly clock: VirtualClock) {}

  die(): void {
    this.isDead = true;
  }

  now(): number {
    return this.clock.now();
  }

  monotonic(): number {
    return this.clock.monotonic();
  }

  setTimer(delayMs: number, callback: () => void, options?: { keepAlive?: boolean }): Timer {
    const fire = (): void => {
      if (!this.isDead) callback();
    };
    return this.clock.setTimer(delayMs, fire, options);
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return this.clock.sleep(delayMs, signal);
  }

  async yield(): Promise<void> {
    await this.clock.yield();
    if (this.isDead) await new Promise(() => undefined);
  }
}

const hourMs = 3_600_000;

describe('a scheduler that dies silently', () => {
  /** Runs for an hour with a scheduler that dies at `diesAtMs`. Answers when health first was not ok, and what it said last. */
  async function hourWith(trigger: Trigger, diesAtMs: number) {
    const clock = new VirtualClock();
    const scheduler = new MortalClock(clock);
    const options = effectiveOptions({ name: 'sync', trigger });
    const fires = trigger.kind === 'cron' ? { fires: await compileCron(trigger, 'sync') } : {};
    const worker = routine(async (context) => {
      if (trigger.kind === 'continuously') await context.sleep('1s');
      return idle();
    });
    const supervisor = new Supervisor({
      entries: [{ worker, options, module: 'test', ...fires }],
      clock: scheduler,
      random: () => 0.5,
      loggers: { logger: () => fakeLogger(), stream: () => ({ write: () => undefined }) },
      isContributorReady: () => true,
    });
    const health = new HealthService({ clock, log: fakeLogger() });
    for (const each of supervisor.workers) health.addWorker(each.name, each);
    await Promise.all([supervisor.get('sync').start(), clock.advance(0)]);
    health.start();
    health.setPhase('running');
    let seenAtMs = Infinity;
    health.onChange(() => {
      // Whoever reads a report has everything looked at soon again: nobody does.
      if (health.workerHealth('sync')?.status !== 'ok') seenAtMs = Math.min(seenAtMs, clock.monotonic());
    });
    await clock.advance(diesAtMs);
    const lastRunMs = worker.beganMs.at(-1) ?? 0;
    expect(health.workerHealth('sync')?.status, 'before').to.equal('ok');
    expect(seenAtMs, 'before').to.equal(Infinity);
    scheduler.die();
    await clock.advance(hourMs - diesAtMs);
    const report = health.report()?.workers['sync'];
    health.stop();
    return { seenAfterMs: seenAtMs - lastRunMs, runs: worker.beganMs.length, report };
  }

  /** Half a period, 5 s at least and a minute at most, and the 5 s between two looks. */
  const graceMs = (periodMs: number): number => Math.min(Math.max(periodMs / 2, 5_000), 60_000) + 5_000;

  for (const [written, periodMs] of [
    ['1s', 1_000],
    ['30s', 30_000],
    ['10m', 600_000],
  ] as const) {
    for (const diesAtMs of [0, 1, 599_999, 600_000, 600_001, 913_777]) {
      it(`is overdue within a period and grace: every ${written}, dead after ${diesAtMs} ms`, async () => {
        const { seenAfterMs, report } = await hourWith(every(written), diesAtMs);
        expect(seenAfterMs).to.be.at.most(periodMs + graceMs(periodMs));
        expect(report).to.deep.include({ raw: 'unhealthy' });
        expect(report?.reason).to.match(/^a run was due .+ ago and did not happen$/);
      });
    }
  }

  it('is overdue within a period and a minute: cron', async () => {
    const { seenAfterMs, runs, report } = await hourWith(cron('*/10 * * * *'), 1_234_567);
    expect(runs).to.equal(2);
    expect(seenAfterMs).to.be.at.most(600_000 + 65_000);
    expect(report).to.deep.include({ raw: 'unhealthy' });
  });

  it('is overdue when it dies while it lets others run, before it has planned anything', async () => {
    const { report } = await hourWith(continuously({ idle: 0 }), 500);
    expect(report?.raw).to.equal('unhealthy');
    expect(report?.reason).to.match(/^no run for .+, and none is planned: the schedule stands still$/);
  });

  it('is told though nobody looks, when it dies while a run is in progress', async () => {
    const clock = new VirtualClock();
    const scheduler = new MortalClock(clock);
    const supervisor = new Supervisor({
      entries: [
        {
          worker: routine(async (context) => {
            await context.sleep('20s');
            return idle();
          }),
          options: effectiveOptions({ name: 'sync', trigger: continuously({ idle: 0 }) }),
          module: 'test',
        },
      ],
      clock: scheduler,
      random: () => 0.5,
      loggers: { logger: () => fakeLogger(), stream: () => ({ write: () => undefined }) },
      isContributorReady: () => true,
    });
    const log = fakeLogger();
    const health = new HealthService({ clock, log });
    for (const each of supervisor.workers) health.addWorker(each.name, each);
    supervisor.onChange(({ name }) => {
      health.workerChanged(name);
    });
    await Promise.all([supervisor.get('sync').start(), clock.advance(0)]);
    health.start();
    health.setPhase('running');
    await clock.advance('30s');
    scheduler.die();
    await clock.advance('20s'); // the run ends after ten; then five are grace, and five lie between two looks
    health.stop();
    expect(log.lines[0]?.message).to.match(/^worker "sync" is degraded.*the schedule stands still$/);
  });

  it('is no matter as long as it lives', async () => {
    for (const trigger of [every('7s', { jitter: 1 }), cron('*/10 * * * *'), continuously({ idle: '1m' })]) {
      const { report } = await hourWith(trigger, hourMs);
      expect(report, trigger.kind).to.deep.include({ raw: 'ok' });
    }
  });
});
