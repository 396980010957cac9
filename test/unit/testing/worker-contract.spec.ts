import { expect } from 'chai';
import {
  continuously,
  every,
  idle,
  RoutineWorker,
  worked,
  worker,
  type Health,
  type Outcome,
  type RunContext,
  type SteerableWorker,
  type Timer,
  type Worker,
  type WorkerContext,
  type WorkerStatus,
} from 'plba';
import { describeWorkerContract, workerContract, type WorkerContractOptions } from 'plba/testing';
import { caught } from '../../support/caught.js';

/** A worker written by hand that keeps every rule: ten seconds after each of its runs it does the next, which takes one. */
class Subscriber implements Worker {
  protected context: WorkerContext | undefined;
  protected timer: Timer | undefined;
  protected current: Promise<unknown> = Promise.resolve();

  start(context: WorkerContext): void | Promise<void> {
    this.context = context;
    this.listen(context);
  }

  // By force, its context aborts the run.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- for those who extend it
  stop(force?: boolean): void | Promise<void> {
    this.timer?.cancel();
    this.context = undefined;
    return this.current.then(() => undefined);
  }

  health(): Health | Promise<Health> {
    return { status: 'ok' };
  }

  status(): WorkerStatus {
    return { state: this.context === undefined ? 'stopped' : 'running' };
  }

  protected listen(context: WorkerContext): void {
    this.timer = context.clock.setTimer(10_000, () => {
      const run = context.run((run) => this.receive(run));
      this.current = run.then(() => {
        if (this.context === context) this.listen(context);
      });
    });
  }

  protected async receive(run: RunContext): Promise<Outcome> {
    await run.sleep('1s');
    return worked();
  }
}

/** Which rules a worker breaks, and what is said about it. */
async function brokenBy(make: () => Worker, options?: WorkerContractOptions): Promise<Record<string, string>> {
  const broken: Record<string, string> = {};
  for (const { rule, check } of workerContract(make, options)) {
    await check().catch((error: unknown) => {
      expect(error).to.include({ code: 'TEST_CONTRACT_BROKEN' });
      broken[rule] = (error as Error).message;
    });
  }
  return broken;
}

describe('the contract of Worker', () => {
  describe('kept by hand', () => {
    describeWorkerContract(() => new Subscriber());
  });

  describe('kept by RoutineWorker', () => {
    @worker({ name: 'busy', trigger: continuously() })
    class Busy extends RoutineWorker {
      protected override async run(run: RunContext): Promise<Outcome> {
        await run.sleep('20s');
        return worked();
      }
    }
    @worker({ name: 'slow', trigger: every('5s') })
    class Slow extends RoutineWorker {
      protected override async run(): Promise<Outcome> {
        await Promise.resolve();
        return idle();
      }
    }
    describeWorkerContract(() => new Busy(), { title: 'with a run that is always in progress' });
    describeWorkerContract(() => new Slow());
  });

  const offenders: readonly (readonly [what: string, make: () => Worker, rule: string, says: RegExp])[] = [
    [
      'works before it is started',
      () =>
        new (class extends Subscriber {
          readonly early = setInterval(() => undefined, 1_000);
          override stop(force?: boolean): void | Promise<void> {
            clearInterval(this.early);
            return super.stop(force);
          }
        })(),
      'sets nothing in motion before it is started',
      /has 1 timer open:\n.*setInterval every 1000 ms/,
    ],
    [
      'never becomes ready',
      () =>
        new (class extends Subscriber {
          override start(context: WorkerContext): Promise<void> {
            return context.clock.sleep(100_000, context.signal);
          }
        })(),
      'becomes ready',
      /start\(\) has not come back after 1m/,
    ],
    [
      'answers a health of its own',
      () =>
        new (class extends Subscriber {
          override health(): Health {
            return { status: 'fine' } as unknown as Health;
          }
        })(),
      'tells its health in every state, without asking anybody',
      /the status "fine", which is none of ok, degraded, unhealthy/,
    ],
    [
      'gives no reason for its health',
      () =>
        new (class extends Subscriber {
          override health(): Health {
            return { status: 'degraded' };
          }
        })(),
      'tells its health in every state, without asking anybody',
      /degraded without a reason/,
    ],
    [
      'asks somebody about its health',
      () =>
        new (class extends Subscriber {
          override async health(): Promise<Health> {
            await this.context?.clock.sleep(10);
            return { status: 'ok' };
          }
        })(),
      'tells its health in every state, without asking anybody',
      /health\(\) takes time/,
    ],
    [
      'makes up a state',
      () =>
        new (class extends Subscriber {
          override status(): WorkerStatus {
            return { state: 'busy' } as unknown as WorkerStatus;
          }
        })(),
      'tells where it is in every state',
      /the state "busy", which is none of created, waiting/,
    ],
    [
      'cannot be stopped before it was started',
      () =>
        new (class extends Subscriber {
          override stop(): Promise<void> {
            if (this.timer === undefined) throw new TypeError('it has no timer');
            return super.stop() as Promise<void>;
          }
        })(),
      'can be told to stop before it was started',
      /stop\(false\) threw: it has no timer/,
    ],
    [
      'never ends its work',
      () =>
        new (class extends Subscriber {
          protected override receive(): Promise<Outcome> {
            return new Promise(() => undefined);
          }
        })(),
      'ends on the stop ladder: it drains, or gives up when its signal aborts',
      /stop\(\) has not come back after 7s/,
    ],
    [
      'does not heed its signal',
      () =>
        new (class extends Subscriber {
          protected override async receive(run: RunContext): Promise<Outcome> {
            await this.context?.clock.sleep(100_000);
            run.signal;
            return worked();
          }
        })(),
      'gives up at once when it is stopped by force',
      /stop\(true\) has not come back after 2s/,
    ],
    [
      'cannot be stopped twice',
      () =>
        new (class extends Subscriber {
          private isStopping = false;
          override stop(force?: boolean): void | Promise<void> {
            if (this.isStopping && this.context === undefined) throw new Error('it is stopping already');
            this.isStopping = true;
            return super.stop(force);
          }
        })(),
      'can be told to stop again, and while an earlier stop is under way',
      /threw: it is stopping already/,
    ],
    [
      'cannot be broken off while it starts',
      () =>
        new (class extends Subscriber {
          override start(context: WorkerContext): Promise<void> {
            return context.clock.sleep(30_000);
          }
        })(),
      'comes back from a start that is broken off',
      /start\(\), once its signal aborts, has not come back after 2s/,
    ],
    [
      'goes on after its stop',
      () =>
        new (class extends Subscriber {
          override stop(): Promise<void> {
            return this.current.then(() => undefined);
          }
        })(),
      'begins no run once it has stopped',
      /it has begun \d+ runs after its stop\(\) came back/,
    ],
    [
      'leaves a timer behind',
      () =>
        new (class extends Subscriber {
          override stop(force?: boolean): void | Promise<void> {
            this.context?.clock.setTimer(3_600_000, () => undefined);
            return super.stop(force);
          }
        })(),
      'leaves nothing behind',
      /it has stopped, and has 1 timer open:\n.*worker-contract\.spec/,
    ],
    [
      'has one life only',
      () =>
        new (class extends Subscriber {
          private lives = 0;
          override start(context: WorkerContext): void | Promise<void> {
            if (this.lives++ > 0) throw new Error('it was started before');
            return super.start(context);
          }
        })(),
      'can be started again after a stop',
      /start\(\) threw: it was started before/,
    ],
    [
      'goes on while it is paused',
      () => new (steerable({ isHeld: false, isAsked: true }))(),
      'holds its work while it is paused, if it can be paused',
      /it has begun \d+ runs while it was paused/,
    ],
    [
      'does not do the run that it is asked for',
      () => new (steerable({ isHeld: true, isAsked: false }))(),
      'does a run when it is asked, if it can be asked',
      /runNow\(\) comes back without the record/,
    ],
  ];

  for (const [what, make, rule, says] of offenders) {
    it(`is broken by a worker that ${what}`, async () => {
      const broken = await brokenBy(make);
      expect(broken).to.have.property(rule).that.matches(says);
    });
  }

  it('has an offender for each of its rules', () => {
    const rules = workerContract(() => new Subscriber()).map(({ rule }) => rule);
    expect(new Set(offenders.map(([, , rule]) => rule))).to.deep.equal(new Set(rules));
  });

  it('blames an offender for what it does, and for nothing else', async () => {
    const fine = await brokenBy(() => new Subscriber());
    expect(fine).to.deep.equal({});
    const [, make] = offenders.find(([what]) => what === 'has one life only')!;
    expect(Object.keys(await brokenBy(make))).to.deep.equal(['can be started again after a stop']);
  });

  it('takes the options of the worker: what it may take to stop, its trigger', async () => {
    class Patient extends Subscriber {
      protected override async receive(run: RunContext): Promise<Outcome> {
        await this.context?.clock.sleep(4_000);
        run.signal;
        return worked();
      }
    }
    expect(
      await brokenBy(() => new Patient(), { for: '12s', options: { stop: { drain: '5s', abort: '5s' } } }),
    ).to.deep.equal({});
    expect(await brokenBy(() => new Patient(), { for: '12s' })).not.to.deep.equal({});
  });

  it('is handed to a test runner without globals, and asks for it', async () => {
    const tests: string[] = [];
    describeWorkerContract(() => new Subscriber(), {
      describe: (title, body) => {
        tests.push(title);
        body();
      },
      it: (title) => tests.push(title),
    });
    expect(tests[0]).to.equal('Subscriber, as a worker,');
    expect(tests).to.have.length(15);
    const globals = globalThis as { it?: unknown };
    const { it: before } = globals;
    try {
      delete globals.it;
      const error = await caught(() => {
        describeWorkerContract(() => new Subscriber());
      });
      expect(error).to.include({ code: 'OPTION_INVALID' });
      expect(error.hint).to.include('{ describe, it }');
    } finally {
      globals.it = before;
    }
  });
});

/** A worker that can be held and asked, or only says so. */
function steerable({ isHeld, isAsked }: { isHeld: boolean; isAsked: boolean }): new () => SteerableWorker {
  return class extends Subscriber implements SteerableWorker {
    pause(): void {
      if (isHeld) this.timer?.cancel();
    }
    resume(): void {
      if (isHeld && this.context !== undefined) this.listen(this.context);
    }
    async runNow(): ReturnType<SteerableWorker['runNow']> {
      if (isAsked) return this.context!.run((run) => this.receive(run));
      return Promise.resolve({} as Awaited<ReturnType<SteerableWorker['runNow']>>);
    }
  };
}
