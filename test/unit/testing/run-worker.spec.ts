import { expect } from 'chai';
import { inject, injectable } from 'inversify';
import {
  blocked,
  continuously,
  cron,
  idle,
  RoutineWorker,
  tokens,
  withSpan,
  worked,
  worker,
  type Clock,
  type Outcome,
  type RunContext,
  type Worker,
  type WorkerContext,
} from 'plba';
import { runWorker, type RunWorkerOptions } from 'plba/testing';
import { caught } from '../../support/caught.js';

@injectable()
class Ledger {
  post(attempt: number): Promise<Outcome> {
    return Promise.resolve(worked({ items: attempt }));
  }
}

@worker({ name: 'nightly', trigger: cron('0 2 * * *', { timezone: 'Europe/Berlin' }), needs: ['database'] })
class Nightly extends RoutineWorker {
  constructor(@inject(Ledger) private readonly ledger: Ledger) {
    super();
  }
  protected override async run(run: RunContext): Promise<Outcome> {
    run.log.info({ planned: run.scheduledFor, by: run.trigger }, `it is ${run.now().toISOString()}`);
    await run.sleep('1h');
    return withSpan('post', () => this.ledger.post(run.attempt));
  }
}

const bindings: RunWorkerOptions = { bindings: (bind) => bind(Ledger).toSelf() };

describe('runWorker', () => {
  it('does one run of a worker that is given what it injects, and needs nothing else of an application', async () => {
    const { worker: nightly, record, stop, spans, health } = await runWorker(Nightly, bindings);
    expect(nightly).to.be.instanceOf(Nightly);
    expect(record).to.include({ outcome: 'worked', items: 1, durationMs: 3_600_000, trigger: 'operator' });
    expect(stop).to.include({ worker: 'nightly', result: 'drained' });
    expect(spans.map(({ name }) => name)).to.deep.equal(['nightly run', 'post']);
    expect(health).to.include({ status: 'ok' });
  });

  it('takes fakes for what the worker injects, by inversify’s own fluent binding', async () => {
    const { record } = await runWorker(Nightly, {
      bindings: (bind) => bind(Ledger).toConstantValue({ post: () => Promise.resolve(blocked('closed')) }),
    });
    expect(record).to.include({ outcome: 'blocked', reason: 'closed' });
  });

  it('tells the run what the test says', async () => {
    const { record, logs } = await runWorker(Nightly, {
      ...bindings,
      at: '2026-03-29T00:30:00Z',
      context: { attempt: 3, trigger: 'cron', scheduledFor: new Date('2026-03-29T00:00:00Z') },
    });
    expect(record).to.include({ items: 3 });
    const line = logs.find(({ msg }) => msg === 'it is 2026-03-29T00:30:00.000Z');
    expect(line).to.include({ planned: '2026-03-29T00:00:00.000Z', by: 'cron' });
  });

  it('names what is not bound', async () => {
    const error = await caught(() => runWorker(Nightly));
    expect(error).to.include({ code: 'BINDING_MISSING' });
    expect(error.message).to.include('Ledger');
  });

  it('lets a worker that decides itself when to run do so, for as long as it is told', async () => {
    @worker({ name: 'subscriber' })
    class Subscriber implements Worker {
      private timer: { cancel(): void } | undefined;
      start(context: WorkerContext): void {
        const receive = (): void => {
          this.timer = context.clock.setTimer(10_000, receive);
          void context.run(() => worked({ items: 1 }));
        };
        receive();
      }
      stop(): void {
        this.timer?.cancel();
      }
      health(): { status: 'ok' } {
        return { status: 'ok' };
      }
      status(): { state: 'running' } {
        return { state: 'running' };
      }
    }
    expect((await runWorker(Subscriber)).ledger).to.have.length(1);
    expect((await runWorker(Subscriber, { for: '1m' })).ledger).to.have.length(7);
  });

  it('rejects when the worker leaves something behind', async () => {
    @worker({ name: 'leaky', trigger: continuously() })
    class Leaky extends RoutineWorker {
      constructor(@inject(tokens.Clock) private readonly clock: Clock) {
        super();
      }
      protected override run(): Promise<Outcome> {
        this.clock.setTimer(1_000, () => undefined);
        return Promise.resolve(idle());
      }
    }
    expect(await caught(() => runWorker(Leaky))).to.include({ code: 'TEST_LEAKED' });
  });
});
