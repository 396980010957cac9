import { expect } from 'chai';
import {
  blocked,
  cron,
  every,
  failed,
  idle,
  once,
  partial,
  RoutineWorker,
  type RunContext,
  worker,
  worked,
  type Outcome,
} from 'plba';
import { testApplication, type TestApplication } from 'plba/testing';
import { platformRoutes } from '../../fakes/platform-routes.js';
import { moduleOf, QuietWorker } from '../../support/modules.js';
import { Description } from '../../support/described-answers.js';

/** Ends in another way each time, with all that can be said of it. */
@worker({ name: 'many-ways', trigger: every('1m'), timeout: '5s', needs: ['first'] })
class ManyWays extends RoutineWorker {
  readonly #ways: readonly Outcome[] = [
    worked({ items: 3 }),
    idle(),
    partial({ done: 1, rejected: 2, reason: 'two had no number' }),
    blocked('the ledger says no'),
    failed(new Error('broken', { cause: new Error('the cause') })),
  ];
  #next = 0;

  protected run(context: RunContext): Promise<Outcome> {
    context.log.info({ step: 1 }, 'one line');
    context.progress(1, 3, 'the first');
    return Promise.resolve(this.#ways[this.#next++ % this.#ways.length]!);
  }
}

@worker({ name: 'first', trigger: once() })
class First extends QuietWorker {}

@worker({ name: 'nightly', trigger: cron('0 3 * * *'), until: { runs: 10 } })
class Nightly extends QuietWorker {}

const Everything = moduleOf('everything', (module) => {
  module.worker(First);
  module.worker(ManyWays);
  module.worker(Nightly);
});

describe('what a real application answers', () => {
  const description = new Description(platformRoutes());

  const askFor = (app: TestApplication) => async (target: string, body?: object, headers?: Record<string, string>) => {
    const [method = '', path = ''] = target.split(' ');
    const answer = await app.inject(target, { ...(body && { body }), ...(headers && { headers }) });
    description.check({ method, path, ...answer });
    return answer;
  };

  it('is as it is described, in every state of its workers', async () => {
    await using app = await testApplication(Everything).start();
    const ask = askFor(app);
    for (let round = 0; round < 6; round++) await app.advance('1m');
    await ask('POST /workers/many-ways/pause', { reason: 'a look' });
    await ask('POST /workers/nightly/stop', { force: true });
    const looks = platformRoutes().filter(({ method, path }) => method === 'GET' && !/[<]|events/.test(path));
    for (const { path } of looks) expect((await ask(`GET ${path}`)).status, path).to.be.oneOf([200, 503]);
    for (const name of ['first', 'many-ways', 'nightly']) {
      await ask(`GET /workers/${name}`);
      await ask(`GET /workers/${name}/runs`);
    }
    for (const { traceId } of (await ask('GET /traces')).json as { traceId: string }[])
      await ask(`GET /traces/${traceId}`);
    await ask('GET /health/ready?format=microprofile');
    await ask('GET /health/live', undefined, { Accept: 'application/health+json' });
  });

  it('is as it is described when something is changed', async () => {
    await using app = await testApplication(Everything).start();
    const ask = askFor(app);
    const changes: [target: string, body: object | undefined, status: number][] = [
      ['POST /workers/many-ways/pause', undefined, 200],
      ['POST /workers/many-ways/resume', undefined, 200],
      ['POST /workers/many-ways/run', undefined, 200],
      ['POST /workers/many-ways/restart', { force: true }, 200],
      ['POST /workers/nightly/stop', {}, 200],
      ['POST /workers/nightly/start', {}, 200],
      ['POST /workers/first/pause', undefined, 409],
      ['PUT /loggers/plba.control', { level: 'debug', for: '10m', reason: 'a look' }, 200],
      ['PUT /loggers/plba.control', { level: 'loud' }, 400],
      ['POST /config/reload', undefined, 200],
      ['GET /audit', undefined, 200],
      ['GET /loggers', undefined, 200],
    ];
    for (const [target, body, status] of changes) expect((await ask(target, body)).status, target).to.equal(status);
  });
});
