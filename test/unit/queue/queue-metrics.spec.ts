import 'reflect-metadata';
import { inject } from 'inversify';
import { expect } from 'chai';
import {
  ApplicationModule,
  type Clock,
  every,
  InMemoryTaskQueue,
  type Metrics,
  type ModuleBuilder,
  type Outcome,
  RoutineWorker,
  tokens,
  worked,
  worker,
} from 'plba';
import { testApplication } from 'plba/testing';
import { MetricRegistry } from '../../../src/metrics/metric-registry.js';
import { prometheusText } from '../../../src/metrics/exposition.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';
import { aTurn, HeldWork } from './held-work.js';

/** The samples of queues as `/metrics` has them, without `plba_queue_`. */
function samples(metrics: MetricRegistry): string[] {
  return prometheusText
    .write(metrics.collect())
    .split('\n')
    .filter((line) => line.startsWith('plba_queue_') && !line.includes('_bucket'))
    .map((line) => line.slice('plba_queue_'.length));
}

describe('the metrics of a queue', () => {
  let metrics: MetricRegistry;
  let clock: VirtualClock;
  beforeEach(() => {
    metrics = new MetricRegistry();
    clock = new VirtualClock();
  });

  it('say how full it is, and how long tasks have waited from being handed over to their beginning', async () => {
    const held = new HeldWork();
    const options = { name: 'posting', concurrency: 1, capacity: 2, overflow: 'wait', clock, metrics } as const;
    const queue = new InMemoryTaskQueue<string>(options, held.work);
    const all = ['a', 'b', 'c'].map((item) => queue.submit(item));
    await aTurn();
    expect(samples(metrics)).to.include.members([
      'tasks{plba_queue="posting",plba_task_state="waiting"} 1',
      'tasks{plba_queue="posting",plba_task_state="running"} 1',
      'tasks{plba_queue="posting",plba_task_state="blocked"} 1',
      'capacity{plba_queue="posting"} 2',
      'wait_seconds_count{plba_queue="posting"} 1',
      'wait_seconds_sum{plba_queue="posting"} 0',
    ]);
    await clock.advance(2_000);
    await held.finish('a');
    await clock.advance(1_000);
    await held.finish('b');
    await held.fail('c', new Error('no'));
    await Promise.allSettled(all);
    expect(samples(metrics)).to.include.members([
      'wait_seconds_count{plba_queue="posting"} 3',
      'wait_seconds_sum{plba_queue="posting"} 5',
      'ended_tasks_total{plba_queue="posting",plba_result="done"} 2',
      'ended_tasks_total{plba_queue="posting",plba_result="failed"} 1',
    ]);
  });

  it('count whatever has ended once, however it has', async () => {
    const held = new HeldWork();
    const options = { name: 'q', concurrency: 1, capacity: 9, overflow: 'reject', clock, metrics } as const;
    const queue = new InMemoryTaskQueue<string>({ ...options, timeout: '1s', onError: () => undefined }, held.work);
    void queue.push('late');
    await aTurn();
    await clock.advance(1_000);
    await held.finish('late');
    const abort = new AbortController();
    void queue.push('aborted', { signal: abort.signal });
    abort.abort();
    void queue.push('dropped');
    await queue.close();
    expect(queue.failed).to.equal(3);
    expect(samples(metrics)).to.include('ended_tasks_total{plba_queue="q",plba_result="failed"} 3');
  });

  it('add up queues of one name, and forget those that are closed, but not what they have done', async () => {
    const make = (): InMemoryTaskQueue<number> =>
      new InMemoryTaskQueue<number>(
        { name: 'of-runs', concurrency: 1, capacity: 5, overflow: 'reject', clock, metrics },
        () => undefined,
      );
    const queues = [make(), make()];
    expect(samples(metrics)).to.include('capacity{plba_queue="of-runs"} 10');
    for (const queue of queues) {
      void queue.push(1);
      await queue.drain();
      await queue.close();
    }
    expect(samples(metrics)).to.deep.equal([
      'wait_seconds_sum{plba_queue="of-runs"} 0',
      'wait_seconds_count{plba_queue="of-runs"} 2',
      'ended_tasks_total{plba_queue="of-runs",plba_result="done"} 2',
    ]);
  });

  it('are among those of the application', async () => {
    const app = await testApplication(QueueModule).manual().start();
    await app.step('poster');
    const names = app.operator.metrics().map(({ name }) => name);
    await app.stop();
    expect(names).to.include.members([
      'plba.queue.tasks',
      'plba.queue.capacity',
      'plba.queue.wait',
      'plba.queue.ended_tasks',
    ]);
  });
});

@worker({ name: 'poster', trigger: every('1h') })
class Poster extends RoutineWorker {
  private readonly queue: InMemoryTaskQueue<number>;

  constructor(@inject(tokens.Clock) clock: Clock, @inject(tokens.Metrics) metrics: Metrics) {
    super();
    this.queue = new InMemoryTaskQueue(
      { name: 'posting', concurrency: 2, capacity: 10, overflow: 'wait', clock, metrics },
      () => undefined,
    );
  }

  protected override async run(): Promise<Outcome> {
    await this.queue.submit(1);
    return worked();
  }
}

class QueueModule extends ApplicationModule {
  readonly name = 'with-queue';
  override assemble(module: ModuleBuilder): void {
    module.worker(Poster);
  }
}
