import { Readable } from 'node:stream';
import { expect } from 'chai';
import { inject } from 'inversify';
import { controlRoute, tokens, type Clock, type ControlAnswer, type ControlRequest, type ControlRoute } from 'plba';
import { testApplication } from 'plba/testing';
import { moduleOf } from '../../support/modules.js';

const cycle: Record<string, unknown> = {};
cycle['itself'] = cycle;

/** What a route of an application may come up with, and the status that this is answered with. */
const hostile: readonly (readonly [what: string, status: number, handle: () => unknown])[] = [
  [
    'throws',
    500,
    () => {
      throw new Error('the password is hunter2');
    },
  ],
  [
    'throws what is no error',
    500,
    () => {
      throw 'hunter2'; // eslint-disable-line @typescript-eslint/only-throw-error -- that is the point
    },
  ],
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- that is the point
  ['rejects with nothing', 500, () => Promise.reject(undefined)],
  ['answers nothing', 500, () => undefined],
  ['answers null', 500, () => null],
  ['answers a text', 500, () => 'hunter2'],
  ['answers a cycle', 500, () => ({ body: cycle })],
  ['answers a BigInt', 500, () => ({ body: { amount: 7n } })],
  ['answers a stream', 500, () => ({ body: Readable.from(['hunter2']) })],
  ['answers bytes', 500, () => ({ body: Buffer.from('hunter2') })],
  ['answers a function', 500, () => ({ body: () => 'hunter2' })],
  ['answers a symbol', 500, () => ({ body: Symbol('hunter2') })],
  ['answers null as its body', 500, () => ({ body: null })],
  ['answers a number as its body', 500, () => ({ body: 7 })],
  ['answers what throws when it is looked at', 500, () => ({ body: { toJSON: () => fail() } })],
  ['answers a redirect', 500, () => ({ status: 302, headers: { Location: 'http://evil.example' } })],
  ['answers no status', 500, () => ({ status: NaN })],
  ['answers a status that is a text', 500, () => ({ status: '200' })],
  ['answers a header of two lines', 500, () => ({ headers: { 'X-A': 'a\r\nSet-Cookie: a=b' } })],
  ['answers a header that has no name', 500, () => ({ headers: { '': 'a' } })],
  ['answers a header of another kind', 500, () => ({ headers: { 'X-A': { toString: () => fail() } } })],
  ['frames its answer itself', 500, () => ({ headers: { 'Content-Length': '1', 'Transfer-Encoding': 'chunked' } })],
  ['takes the guards off', 500, () => ({ headers: { 'content-security-policy': '' } })],
  ['lets other origins read', 500, () => ({ headers: { 'Access-Control-Allow-Origin': '*' } })],
];

function fail(): never {
  throw new Error('hunter2');
}

/** How often a route was asked for its state. */
let asked = 0;

/** What the signal of a route that never answers has said. */
const told: unknown[] = [];
/** How many such are at work. */
let hanging = 0;

/** One route for each, and one that is as it should be. */
const Hostile = moduleOf('hostile', (module) => {
  for (const [index, [, , handle]] of hostile.entries()) {
    @controlRoute({ method: 'GET', path: `/hostile/${index}`, authority: 'read' })
    class HostileRoute implements ControlRoute {
      handle(): ControlAnswer {
        return handle() as ControlAnswer;
      }
    }
    module.controlRoute(HostileRoute);
  }
  @controlRoute({ method: 'POST', path: '/blind', authority: 'operate' })
  class BlindRoute implements ControlRoute {
    handle(): ControlAnswer {
      return {};
    }
    state(): unknown {
      asked++;
      return fail();
    }
  }
  module.controlRoute(BlindRoute);
  for (const [path, timeout] of [
    ['/hanging', undefined],
    ['/hanging/shortly', '5s'],
  ] as const) {
    @controlRoute({ method: 'POST', path, authority: 'operate', ...(timeout !== undefined && { timeout }) })
    class HangingRoute implements ControlRoute {
      handle({ signal }: ControlRequest): Promise<ControlAnswer> {
        hanging++;
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            told.push(signal.reason);
            hanging--;
            // Too late for whoever has asked, and no harm to the process.
            setImmediate(reject, new Error('hunter2'));
          });
        });
      }
      state(): unknown {
        return 'as it was';
      }
    }
    module.controlRoute(HangingRoute);
  }
  @controlRoute({ method: 'POST', path: '/nearly-done', authority: 'operate' })
  class NearlyDone implements ControlRoute {
    constructor(@inject(tokens.Clock) private readonly clock: Clock) {}
    async handle(): Promise<ControlAnswer> {
      hanging++;
      await this.clock.sleep(500);
      hanging--;
      return { body: { done: true } };
    }
  }
  module.controlRoute(NearlyDone);
});

describe('a control route of an application that is up to no good', () => {
  for (const [index, [what, status]] of hostile.entries())
    it(`harms nobody where it ${what}: ${status}`, async () => {
      await using app = await testApplication(Hostile).start();
      const answer = await app.inject(`GET /hostile/${index}`);
      expect(answer.status, answer.text).to.equal(status);
      if (status === 500) expect(answer.json).to.include({ status: 500, code: 'CONTROL_FAILED' });
      expect(answer.text)
        .not.to.contain('hunter2')
        .and.not.match(/node_modules|\.ts:/);
      expect(answer.headers).to.include({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
      expect(answer.headers).not.to.have.any.keys('location', 'set-cookie', 'transfer-encoding');
      expect(answer.headers['content-length']).to.equal(String(Buffer.byteLength(answer.text)));
      expect((await app.inject('GET /health')).status).to.equal(200);
    });

  it('is in the audit without what it does not say about its state', async () => {
    await using app = await testApplication(Hostile).start();
    expect((await app.inject('POST /blind')).status).to.equal(200);
    const [entry] = (await app.inject('GET /audit')).json as Record<string, unknown>[];
    expect(entry).to.include({ what: 'POST /blind', result: 'done' }).and.not.have.any.keys('before', 'after');
  });

  for (const [path, afterMs] of [
    ['/hanging', 30_000],
    ['/hanging/shortly', 5_000],
  ] as const)
    it(`is given up where it does not answer: ${path} after ${afterMs} ms, with 503, and is told so`, async () => {
      await using app = await testApplication(Hostile).start();
      told.length = 0;
      const { status, json } = await app.inject(`POST ${path}`);
      expect([status, (json as { code: string }).code]).to.deep.equal([503, 'CONTROL_ROUTE_UNFINISHED']);
      expect((json as { detail: string }).detail)
        .to.contain(`POST ${path}`)
        .and.contain(`after ${afterMs / 1000}s`);
      expect(app.clock.monotonic()).to.equal(afterMs);
      expect(told).to.have.length(1);
      const [entry] = (await app.inject('GET /audit')).json as Record<string, unknown>[];
      expect(entry).to.include({ result: 'failed', code: 'CONTROL_ROUTE_UNFINISHED', before: 'as it was' });
      expect((await app.inject('GET /health')).status).to.equal(200);
    });

  it('does not hold up the end where it does not answer, and its caller gets 503', async () => {
    const app = await testApplication(Hostile).start();
    told.length = 0;
    const answer = app.inject('POST /hanging');
    while (hanging === 0) await new Promise((resolve) => setImmediate(resolve));
    await app.stop();
    const { status, json } = await answer;
    expect([status, (json as { code: string }).code]).to.deep.equal([503, 'CONTROL_ROUTE_UNFINISHED']);
    expect(told).to.have.length(1);
  });

  it('may finish at the end what is nearly done', async () => {
    const app = await testApplication(Hostile).start();
    const answer = app.inject('POST /nearly-done');
    while (hanging === 0) await new Promise((resolve) => setImmediate(resolve));
    const [{ status, json }] = await Promise.all([answer, app.stop()]);
    expect([status, json]).to.deep.equal([200, { done: true }]);
  });

  it('is asked for its state once where the change is refused, and so often a second at most', async () => {
    await using app = await testApplication(Hostile).start();
    asked = 0;
    expect((await app.inject('POST /blind', { as: 'caller' })).status).to.equal(403);
    expect((await app.inject('POST /blind', { headers: { Origin: 'http://evil.example' } })).status).to.equal(403);
    expect(asked).to.equal(2);
    for (let count = 0; count < 300; count++) await app.inject('POST /blind', { as: 'caller' });
    expect(asked).to.equal(250);
  });
});
