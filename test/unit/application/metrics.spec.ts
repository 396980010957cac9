import 'reflect-metadata';
import { expect } from 'chai';
import { inject } from 'inversify';
import {
  ApplicationModule,
  blocked,
  createApplication,
  every,
  failed,
  healthContributor,
  type Metrics,
  type ModuleBuilder,
  type Outcome,
  partial,
  RoutineWorker,
  tokens,
  worked,
  worker,
} from 'plba';
import { testApplication, type TestApplication } from 'plba/testing';
import { openMetricsText, prometheusText } from '../../../src/metrics/exposition.js';
import { readOpenMetrics } from '../../support/openmetrics.js';
import { needsPromtool, promtool } from '../../support/promtool.js';

const script: Outcome[] = [];

@worker({ name: 'intake', trigger: every('10s'), critical: false })
class Intake extends RoutineWorker {
  constructor(@inject(tokens.Metrics) private readonly metrics: Metrics) {
    super();
  }

  protected override async run(): Promise<Outcome> {
    this.metrics.counter('invoices.seen', { unit: '{invoice}' }).add();
    const next = script.shift() ?? worked({ items: 1 });
    await Promise.resolve();
    return next;
  }
}

@healthContributor({ name: 'ledger' })
class LedgerHealth {
  check(): 'ok' {
    return 'ok';
  }
}

class MeasuredModule extends ApplicationModule {
  readonly name = 'measured';
  override assemble(module: ModuleBuilder): void {
    module.worker(Intake);
    module.healthContributor(LedgerHealth);
  }
}

describe('the metrics of an application', () => {
  let app: TestApplication;
  beforeEach(async () => {
    app = await testApplication(MeasuredModule).manual().start();
  });
  afterEach(async () => {
    script.length = 0;
    await app.stop();
  });

  const read = (name: string, labels: Readonly<Record<string, string>> = {}): number | undefined => {
    const family = app.operator.metrics().find((each) => each.name === name);
    const point = family?.points.find((each) =>
      Object.entries(labels).every(([key, value]) => each.labels[key] === value),
    );
    return point === undefined ? undefined : 'value' in point ? point.value : point.count;
  };

  it('count runs by outcome, their items and their durations', async () => {
    script.push(
      worked({ items: 5 }),
      partial({ done: 3, rejected: 2, reason: 'two' }),
      blocked('no'),
      failed(new Error('x')),
    );
    for (let run = 0; run < 4; run++) await app.step('intake');
    const outcomes = ['worked', 'idle', 'partial', 'blocked', 'failed', 'fatal'];
    const counts = outcomes.map((outcome) => read('plba.runs', { 'plba.worker': 'intake', 'plba.outcome': outcome }));
    expect(counts).to.deep.equal([1, 0, 1, 1, 1, 0]);
    expect(read('plba.run.items')).to.equal(8);
    expect(read('plba.run.rejected_items')).to.equal(2);
    expect(read('plba.run.duration', { 'plba.worker': 'intake' })).to.equal(4);
    expect(read('plba.runs.active')).to.equal(0);
  });

  it('say how long ago the last success was', async () => {
    await app.step('intake');
    await app.advance('90s');
    expect(read('plba.worker.time_since_success', { 'plba.worker': 'intake' })).to.equal(90);
  });

  it('count each time that a worker was started again', async () => {
    for (const times of [1, 2]) {
      app.fail('intake', new Error('gone'), { at: 'life' });
      await app.until('intake', 'backing-off');
      await app.until('intake', 'running');
      expect(read('plba.worker.restarts', { 'plba.worker': 'intake' })).to.equal(times);
    }
  });

  it('show a run that is in progress', async () => {
    const fault = app.hang('intake', 'run');
    const stepped = app.step('intake');
    while (read('plba.runs.active', { 'plba.worker': 'intake' }) !== 1) await new Promise(setImmediate);
    fault.heal();
    await stepped;
    expect(read('plba.runs.active', { 'plba.worker': 'intake' })).to.equal(0);
  });

  it('count log lines that could not be written', async () => {
    const lossy = createApplication(MeasuredModule, {
      env: {},
      config: { plba: { control: { enabled: false } } },
      logDestination: {
        write: () => {
          throw new Error('the disk is full');
        },
      },
    });
    await lossy.start();
    const dropped = lossy.operator.metrics().find(({ name }) => name === 'plba.log.dropped_lines');
    const [point] = dropped?.points ?? [];
    expect(point).to.have.property('value', lossy.operator.logging().lines.dropped);
    expect(lossy.operator.logging().lines.dropped).to.be.above(0);
    await lossy.stop();
  });

  it('say in which state and in which health everything is', async () => {
    await app.health();
    expect(read('plba.application.state', { 'plba.state': 'running' })).to.equal(1);
    expect(read('plba.worker.state', { 'plba.worker': 'intake', 'plba.state': 'running' })).to.equal(1);
    expect(read('plba.worker.health', { 'plba.worker': 'intake', 'plba.status': 'ok' })).to.equal(1);
    expect(read('plba.contributor.health', { 'plba.contributor': 'ledger', 'plba.status': 'ok' })).to.equal(1);
    expect(read('plba.health.status', { 'plba.status': 'ok' })).to.equal(1);
    expect(read('plba.worker.restarts', { 'plba.worker': 'intake' })).to.equal(0);
    expect(read('plba.health_check.duration', { 'plba.contributor': 'ledger' })).to.be.greaterThan(0);
  });

  it('show the process, and the delay of its event loop once that was seen', async () => {
    expect(read('process.memory.usage')).to.be.greaterThan(1e6);
    expect(read('v8js.memory.heap.used', { 'v8js.heap.space.name': 'old_space' })).to.be.greaterThan(0);
    expect(read('process.cpu.time', { 'cpu.mode': 'user' })).to.be.greaterThan(0);
    expect(read('plba.log.dropped_lines')).to.equal(0);
    while (read('nodejs.eventloop.delay.p99') === undefined) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(read('nodejs.eventloop.delay.max')).to.be.greaterThan(-1);
  });

  it("hold the application's own", async () => {
    await app.step('intake');
    await app.step('intake');
    expect(read('invoices.seen')).to.equal(2);
  });

  it('are sound OpenMetrics', async () => {
    await app.step('intake');
    const families = readOpenMetrics(openMetricsText.write(app.operator.metrics()));
    expect(families.map(({ name }) => name)).to.include.members([
      'plba_runs',
      'plba_run_duration_seconds',
      'plba_worker_time_since_success_seconds',
      'invoices_seen',
    ]);
  });

  describe('as promtool sees them', () => {
    before(needsPromtool);

    it('are sound Prometheus text', async () => {
      await app.step('intake');
      expect(promtool(['check', 'metrics'], prometheusText.write(app.operator.metrics()))).to.equal('');
    });
  });
});
