import 'reflect-metadata';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  type Application,
  ApplicationModule,
  createApplication,
  every,
  failed,
  idle,
  InMemoryTaskQueue,
  type ModuleBuilder,
  type Outcome,
  RoutineWorker,
  type RunContext,
  traced,
  traceHeaders,
  type TraceRecord,
  type SpanRecord,
  withRemoteParent,
  withSpan,
  worker,
} from 'plba';
import { SystemClock } from '../../../src/time/system-clock.js';
import { type RecordingSdk, registerSdk } from '../tracing/sdk.js';

type Work = (run: RunContext) => Outcome | Promise<Outcome>;
const works = new Map<string, Work>();

abstract class Scripted extends RoutineWorker {
  protected override async run(run: RunContext): Promise<Outcome> {
    return (works.get(run.worker) ?? (() => idle()))(run);
  }
}

@worker({ name: 'a', trigger: every('1h'), critical: false })
class WorkerA extends Scripted {}

@worker({ name: 'b', trigger: every('1h'), critical: false })
class WorkerB extends Scripted {}

class TracedModule extends ApplicationModule {
  readonly name = 'traced';
  override assemble(module: ModuleBuilder): void {
    module.worker(WorkerA);
    module.worker(WorkerB);
  }
}

class Service {
  constructor(private readonly answer: number) {}

  @traced()
  async read(more: number): Promise<number> {
    await Promise.resolve();
    return this.answer + more;
  }

  @traced('named otherwise')
  static fail(): never {
    throw new Error('no');
  }
}

const names = (span: SpanRecord): unknown =>
  span.children.length === 0 ? span.name : [span.name, ...span.children.map(names)];

for (const withSdk of [false, true])
  describe(`the traces of runs ${withSdk ? 'with' : 'without'} an SDK`, () => {
    let app: Application;
    let sdk: RecordingSdk | undefined;
    beforeEach(async () => {
      if (withSdk) sdk = registerSdk();
      app = createApplication(TracedModule, {
        directory: '/nonexistent',
        env: {},
        config: { plba: { control: { enabled: false }, telemetry: { traces: 'on' } } },
        logDestination: { write: () => undefined },
      });
      await app.start();
    });
    afterEach(async () => {
      works.clear();
      await app.stop();
      sdk?.unregister();
    });

    const run = async (name: string, work: Work): Promise<TraceRecord> => {
      works.set(name, work);
      const { lastRun } = await app.operator.act(name, 'run', { who: 'test' });
      const trace = app.operator.trace(lastRun?.traceId ?? '');
      if (trace === undefined) throw new Error('the run has no trace');
      expect(trace.runId).to.equal(lastRun?.id);
      return trace;
    };

    it('are trees of what was done, across await', async () => {
      const trace = await run('a', async () => {
        await withSpan('read', { attributes: { file: 'x' } }, async () => {
          await wait(1);
          withSpan('parse', () => undefined);
          await new Service(1).read(2);
        });
        withSpan('write', () => undefined);
        return idle();
      });
      expect(names(trace.root)).to.deep.equal(['a run', ['read', 'parse', 'Service.read'], 'write']);
      expect(trace.outcome).to.equal('idle');
      expect(trace.root.attributes).to.include({
        'plba.worker': 'a',
        'plba.outcome': 'idle',
        'plba.run_id': trace.runId,
      });
      expect(trace.root.children[0]?.attributes).to.include({ file: 'x' });
      expect(trace.root.children[0]?.durationMs).to.be.greaterThan(0);
      expect(trace.root.durationMs).to.be.at.least(trace.root.children[0]?.durationMs ?? Infinity);
    });

    it('record what went wrong, where it did', async () => {
      const error = new Error('ledger says no');
      const trace = await run('a', async () => {
        await withSpan('post', () => Promise.reject(error)).catch(() => undefined);
        expect(() => Service.fail()).to.throw('no');
        return failed(error);
      });
      expect(trace.root.error).to.equal('ledger says no');
      expect(trace.root.children.map(({ name, error: text }) => [name, text])).to.deep.equal([
        ['post', 'ledger says no'],
        ['named otherwise', 'no'],
      ]);
    });

    it('keep the first 200 spans of a run, and count the others', async () => {
      const trace = await run('a', () => {
        for (let span = 0; span < 1_000; span++) withSpan(`span ${span}`, () => undefined);
        return idle();
      });
      expect(trace.root.children).to.have.length(199);
      expect(trace.droppedSpans).to.equal(801);
    });

    it('are those of the last hundred runs', async () => {
      for (let count = 0; count < 120; count++) await run('a', () => idle());
      expect(app.operator.traces()).to.have.length(100);
    });

    it('go along into tasks of a queue and timers of the clock, and not beyond', async () => {
      const clock = new SystemClock();
      const queue = new InMemoryTaskQueue<string>({ concurrency: 1, capacity: 100, overflow: 'wait' }, (name) => {
        withSpan(name, () => undefined);
      });
      // The lane is woken by run a, and then does what run b and nobody have brought.
      const a = run('a', async () => {
        await queue.push('task of a');
        clock.setTimer(1, () => {
          withSpan('timer of a', () => undefined);
        });
        await wait(20);
        return idle();
      });
      const b = run('b', async () => {
        await queue.push('task of b');
        await wait(20);
        return idle();
      });
      void queue.push('task of nobody');
      const [ofA, ofB] = await Promise.all([a, b]);
      await queue.drain();
      expect(names(ofA.root)).to.deep.equal(['a run', 'task of a', 'timer of a']);
      expect(names(ofB.root)).to.deep.equal(['b run', 'task of b']);
    });

    it('link a run to whoever asked for it, and make it nobody’s child', async () => {
      const parent = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03', tracestate: 'x=1' };
      const trace = await withRemoteParent(parent, () => run('a', () => idle()));
      expect(trace.links).to.deep.equal([{ traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' }]);
      expect(trace.traceId).not.to.equal('0af7651916cd43dd8448eb211c80319c');
      let asked: TraceRecord | undefined;
      const asking = await run('a', async () => {
        asked = await run('b', () => idle());
        return idle();
      });
      expect(asked?.links.map(({ traceId }) => traceId)).to.deep.equal([asking.traceId]);
      expect(names(asking.root)).to.equal('a run');
    });

    it('are handed on by headers, and taken up from them', async () => {
      let headers: Record<string, string> = {};
      const trace = await run('a', () => {
        headers = withSpan('call', () => traceHeaders());
        return idle();
      });
      expect(headers['traceparent']).to.match(
        new RegExp(`^00-${trace.traceId}-${trace.root.children[0]?.spanId ?? ''}-0[13]$`),
      );
      expect(withRemoteParent(headers, () => traceHeaders())).to.deep.equal(headers);
      expect(traceHeaders()).to.deep.equal({});
    });

    it('never mix, in any interleaving of runs and tasks', async function () {
      this.timeout(60_000);
      const queue = new InMemoryTaskQueue<string>(
        { concurrency: 3, capacity: 1_000, overflow: 'wait' },
        async (name) => {
          await wait(0);
          withSpan(name, () => undefined);
        },
      );
      const step = fc.constantFrom('span', 'await', 'timer', 'task', 'nested');
      const scripts = fc.array(step, { maxLength: 8 });
      await fc.assert(
        fc.asyncProperty(scripts, scripts, async (ofA, ofB) => {
          const follow =
            (own: string, steps: readonly string[]): Work =>
            async () => {
              for (const each of steps) {
                if (each === 'span') withSpan(`${own} span`, () => undefined);
                else if (each === 'await') await wait(0);
                else if (each === 'task') await queue.submit(`${own} task`);
                else if (each === 'timer') await new Promise<void>((resolve) => setImmediate(resolve));
                else
                  await withSpan(`${own} outer`, async () => {
                    await wait(0);
                    withSpan(`${own} inner`, () => undefined);
                  });
              }
              return idle();
            };
          const traces = await Promise.all([run('a', follow('a', ofA)), run('b', follow('b', ofB))]);
          traces.forEach(({ root }, at) => {
            const own = 'ab'[at] ?? '';
            const spans = ([ofA, ofB][at] ?? []).filter((each) => ['span', 'task', 'nested'].includes(each));
            expect(root.children.map(({ name }) => name)).to.deep.equal(
              spans.map((each) => `${own} ${each === 'nested' ? 'outer' : each}`),
            );
            for (const { name, children } of root.children) {
              expect(children.map((child) => child.name)).to.deep.equal(name.endsWith('outer') ? [`${own} inner`] : []);
            }
          });
        }),
        { numRuns: 25 },
      );
    });
  });

describe('the traces of runs by default', () => {
  it('are kept from the first span of the process on, as long as there are spans', async () => {
    const app = createApplication(TracedModule, {
      directory: '/nonexistent',
      env: {},
      config: { plba: { control: { enabled: false } } },
      logDestination: { write: () => undefined },
    });
    await app.start();
    const kept = async (runs: number): Promise<number> => {
      const before = app.operator.traces().length;
      for (let each = 0; each < runs; each++) await app.operator.act('a', 'run', { who: 'test' });
      return app.operator.traces().length - before;
    };
    // Whatever other tests have made is long ago after so many runs.
    await kept(64);
    expect(await kept(3)).to.equal(0);
    withSpan('anything', () => undefined);
    expect(await kept(3)).to.equal(3);
    await app.stop();
  });

  it('are kept from the first run on where a method is traced', async () => {
    traced();
    const app = createApplication(TracedModule, {
      directory: '/nonexistent',
      env: {},
      config: { plba: { control: { enabled: false } } },
      logDestination: { write: () => undefined },
    });
    await app.start();
    await app.operator.act('a', 'run', { who: 'test' });
    expect(app.operator.traces()).to.have.length(1);
    await app.stop();
  });
});
