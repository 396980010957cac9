import 'reflect-metadata';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  type Application,
  ApplicationModule,
  createApplication,
  every,
  idle,
  InMemoryTaskQueue,
  type ModuleBuilder,
  type Outcome,
  RoutineWorker,
  type RunContext,
  traceHeaders,
  withSpan,
  worker,
} from 'plba';
import { type RecordingSdk, registerSdk } from '../unit/tracing/sdk.js';

/** What a thread has seen of the trace that it worked in. */
interface Seen {
  readonly id: string;
  readonly seen: Record<string, string>;
  readonly spans: readonly { name: string; traceId: string; spanId: string; parentSpanId: string }[];
}

/** One thing that a run does: waits so many milliseconds, and then asks a thread, directly, by a task or in a span. */
interface Step {
  readonly by: 'direct' | 'task' | 'span';
  readonly beforeMs: number;
  readonly thread: number;
  readonly waits: readonly number[];
}

/** Threads, and who waits for an answer of which. */
class Threads {
  private readonly waiting = new Map<string, (seen: Seen) => void>();
  private readonly workers = [0, 1].map(
    () => new Worker(join(__dirname, 'fixtures', 'tracing-thread.ts'), { execArgv: ['-r', 'ts-node/register'] }),
  );
  private asked = 0;

  async ready(): Promise<void> {
    await Promise.all(this.workers.map((each) => once(each, 'message')));
    for (const each of this.workers) each.on('message', (seen: Seen) => this.waiting.get(seen.id)?.(seen));
  }

  /** Has a thread work in the trace that is active here. */
  ask({ thread, waits }: Step): Promise<Seen> {
    const id = String(this.asked++);
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.workers[thread]?.postMessage({ id, waits, headers: traceHeaders() });
    });
  }

  async end(): Promise<void> {
    await Promise.all(this.workers.map((each) => each.terminate()));
  }
}

const works = new Map<string, (run: RunContext) => Promise<Outcome>>();

abstract class Scripted extends RoutineWorker {
  protected override run(run: RunContext): Promise<Outcome> {
    return works.get(run.worker)?.(run) ?? Promise.resolve(idle());
  }
}

@worker({ name: 'a', trigger: every('1h') })
class WorkerA extends Scripted {}

@worker({ name: 'b', trigger: every('1h') })
class WorkerB extends Scripted {}

@worker({ name: 'c', trigger: every('1h') })
class WorkerC extends Scripted {}

class ThreadedModule extends ApplicationModule {
  readonly name = 'threaded';
  override assemble(module: ModuleBuilder): void {
    module.worker(WorkerA);
    module.worker(WorkerB);
    module.worker(WorkerC);
  }
}

describe('the trace of a run', function () {
  this.timeout(60_000);
  let sdk: RecordingSdk;
  let threads: Threads;
  let app: Application;

  before(async () => {
    sdk = registerSdk();
    threads = new Threads();
    await threads.ready();
    app = createApplication(ThreadedModule, {
      directory: '/nonexistent',
      env: {},
      config: { plba: { control: { enabled: false } } },
      logDestination: { write: () => undefined },
    });
    await app.start();
  });
  after(async () => {
    await (app as Application | undefined)?.stop();
    await threads.end();
    sdk.unregister();
  });

  it('goes along into threads and comes back, and never into another run, in any interleaving', async () => {
    const step: fc.Arbitrary<Step> = fc.record({
      by: fc.constantFrom('direct', 'task', 'span'),
      beforeMs: fc.nat(3),
      thread: fc.nat(1),
      waits: fc.array(fc.nat(2), { maxLength: 3 }),
    });
    const queue = new InMemoryTaskQueue<Step, Seen>({ concurrency: 2, capacity: 1_000, overflow: 'wait' }, (each) =>
      threads.ask(each),
    );
    /** Does the steps of one run; some side by side. */
    const follow = async (own: string, steps: readonly Step[]): Promise<void> => {
      const doing = steps.map(async (each, at) => {
        await wait(each.beforeMs);
        const before = traceHeaders()['traceparent'] ?? '';
        const ask = async (parent: string): Promise<void> => {
          const { seen, spans, id } = await (each.by === 'task' ? queue.submit(each) : threads.ask(each));
          const [traceId = '', parentId = ''] = parent.split('-').slice(1);
          expect(spans.map((span) => span.traceId)).to.deep.equal(spans.map(() => traceId));
          const root = spans.find(({ name }) => name === `thread ${id}`);
          expect(root?.parentSpanId).to.equal(parentId);
          expect(seen['traceparent']).to.contain(`${traceId}-${root?.spanId ?? ''}`);
          expect(spans.filter(({ parentSpanId }) => parentSpanId === root?.spanId)).to.have.length(each.waits.length);
        };
        if (each.by !== 'span') await ask(before);
        else await withSpan(`${own} ${at}`, () => ask(traceHeaders()['traceparent'] ?? ''));
        expect(traceHeaders()['traceparent']).to.equal(before);
      });
      await Promise.all(doing);
    };
    await fc.assert(
      fc.asyncProperty(fc.tuple(...['a', 'b', 'c'].map(() => fc.array(step, { maxLength: 6 }))), async (scripts) => {
        const failures: unknown[] = [];
        const runs = ['a', 'b', 'c'].map(async (name, at) => {
          works.set(name, async (run) => {
            expect(traceHeaders()['traceparent']).to.contain(run.traceId);
            await follow(name, scripts[at] ?? []).catch((error: unknown) => failures.push(error));
            return idle();
          });
          const { lastRun } = await app.operator.act(name, 'run', { who: 'test' });
          return lastRun?.traceId;
        });
        const traceIds = await Promise.all(runs);
        if (failures.length > 0) throw failures[0];
        expect(new Set(traceIds).size).to.equal(3);
        expect(traceHeaders()).to.deep.equal({});
      }),
      { numRuns: 40 },
    );
  });
});
