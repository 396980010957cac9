import { expect } from 'chai';
import {
  every,
  failed,
  RoutineWorker,
  worker,
  type ErrorClass,
  type Outcome,
  type Worker,
  type WorkerContext,
  type WorkerOptions,
  type WorkerStatus,
} from 'plba';
import { testApplication, type TestApplication } from 'plba/testing';
import { moduleOf, QuietWorker } from '../../support/modules.js';

@worker({ name: 'good', trigger: every('1s') })
class Good extends QuietWorker {}

/** An application of a good worker and the given one, called `bad`. */
async function beside(bad: new () => Worker, options: Partial<WorkerOptions> = {}): Promise<TestApplication> {
  worker({ name: 'bad', trigger: every('1s'), critical: false, ...options })(bad);
  return testApplication(
    moduleOf('posting', (module) => {
      module.worker(Good);
      module.worker(bad);
    }),
  ).start();
}

class ByHand implements Worker {
  context: WorkerContext | undefined;
  start(context: WorkerContext): void | Promise<void> {
    this.context = context;
  }
  stop(): void | Promise<void> {
    // nothing to do
  }
  health(): { status: 'ok' } {
    return { status: 'ok' };
  }
  status(): WorkerStatus {
    return { state: 'running' };
  }
}

const textless = (): Error => Object.freeze(Object.assign(new Error(), { message: { why: 'no route' } }));

// eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- that it is none is the point
const rejectWithNothing = (): Promise<never> => Promise.reject(undefined);

/** Says one thing first, and throws at the second look. */
function fickle(first: unknown): () => unknown {
  let looks = 0;
  return () => {
    if (looks++ > 0) throw textless();
    return first;
  };
}

const answers: readonly [what: string, answer: () => unknown][] = [
  ['throws nothing', () => rejectWithNothing()],
  ['throws an error without text', () => Promise.reject(textless())],
  ['answers a failure of which nothing can be read', () => failed(new Proxy({}, { get: fickle('x') }))],
  ['answers what throws when it is looked at', () => Object.defineProperty({}, 'kind', { get: textless })],
  ['answers what throws at the second look', () => Object.defineProperty({}, 'kind', { get: fickle('worked') })],
  ['answers a promise that is none', () => ({ then: 'later' })],
  [
    'answers with a promise that breaks its word',
    () => ({
      then: (resolve: (value: unknown) => void, reject: (error: unknown) => void) => {
        resolve(undefined);
        reject(textless());
        throw textless();
      },
    }),
  ],
];

const stops: readonly [what: string, stop: () => unknown, result: string][] = [
  [
    'throws at once',
    () => {
      throw textless();
    },
    'failed',
  ],
  ['rejects with nothing', () => rejectWithNothing(), 'failed'],
  ['answers a promise that throws', () => ({ then: () => { throw textless(); } }), 'failed'], // prettier-ignore
  ['answers a promise that never settles', () => ({ then: () => undefined }), 'abandoned'],
  ['answers a number', () => 42, 'drained'],
];

describe('a worker that does what nobody should', () => {
  for (const [what, answer] of answers) {
    it(`harms nobody when its run ${what}`, async () => {
      let runs = 0;
      class Bad extends RoutineWorker {
        protected run(): Promise<Outcome> {
          runs++;
          return answer() as Promise<Outcome>;
        }
      }
      const app = await beside(Bad);
      await app.advance('10s');
      expect(runs, 'it is tried again').to.be.above(2);
      expect(app.ledger('good')).to.have.length(10);
      expect(app.worker('bad').state).to.be.oneOf(['running', 'backing-off']);
      const report = await app.stop();
      expect(report.exitCode).to.equal(0);
      expect(JSON.parse(JSON.stringify(report))).to.be.an('object');
    });
  }

  const meanings: readonly [what: string, meaning: unknown][] = [
    ['an object that is no text', Object.create(null)],
    ['a promise', Promise.resolve('failed')],
    ['a symbol', Symbol('failed')],
    ['nothing', undefined],
  ];
  for (const [what, meaning] of meanings) {
    it(`has runs that failed when classify() answers ${what}`, async () => {
      class Bad extends RoutineWorker {
        protected run(): Promise<Outcome> {
          return Promise.reject(textless());
        }
        protected override classify(): ErrorClass {
          return meaning as ErrorClass;
        }
      }
      const app = await beside(Bad);
      await app.advance('5s');
      expect(app.ledger('bad')[0]).to.deep.include({ outcome: 'failed' });
      expect(app.ledger('bad')[0]?.error).to.include({ code: 'CLASSIFY_INVALID' });
      expect(app.worker('bad')).to.include({ state: 'running', restarts: 0 });
      await app.stop();
    });
  }

  for (const [what, stop, result] of stops) {
    it(`is ${result} in the stop report when its stop() ${what}`, async () => {
      class Bad extends ByHand {
        override stop(): void {
          return stop() as undefined;
        }
      }
      const app = await beside(Bad);
      const { workers } = await app.stop({ leaks: 'ignore' });
      expect(Object.fromEntries(workers.map((each) => [each.worker, each.result]))).to.deep.equal({
        bad: result,
        good: 'drained',
      });
    });
  }

  it('has failed, and not completed, when it says that it has and not why', async () => {
    class Bad extends ByHand {}
    const app = await beside(Bad);
    app.get(Bad).context!.fail(undefined);
    await app.until('bad', 'backing-off');
    expect(app.worker('bad').health).to.include({ status: 'degraded' });
    await app.stop();
  });

  it('cannot be paused, and says so, when its pause() never answers', async () => {
    class Bad extends ByHand {
      pause(): Promise<void> {
        return new Promise(() => undefined);
      }
      resume(): void {
        // nothing to do
      }
      runNow(): Promise<never> {
        return new Promise(() => undefined);
      }
    }
    const app = await beside(Bad);
    const answer = app.operator.act('bad', 'pause', { who: 'ada' }).catch((error: unknown) => (error as Error).message);
    await app.advance('5s');
    expect(await answer).to.equal('worker "bad" cannot pause: it has not done so within 5s');
    await app.stop();
  });
});
