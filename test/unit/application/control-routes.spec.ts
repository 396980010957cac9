import { expect } from 'chai';
import { inject, injectable } from 'inversify';
import {
  controlRoute,
  type ControlAnswer,
  type ControlRequest,
  type ControlRoute,
  type ControlRouteOptions,
  createApplication,
  PlbaError,
} from 'plba';
import { testApplication } from 'plba/testing';
import { ownRoute } from '../../../src/control/routes/own-route.js';
import { SystemClock } from '../../../src/time/system-clock.js';
import { platformRoutes } from '../../fakes/platform-routes.js';
import { caught } from '../../support/caught.js';
import { Description } from '../../support/described-answers.js';
import { moduleOf } from '../../support/modules.js';

@injectable()
class Ledger {
  readonly balances = new Map([['sales', 7]]);
}

const balanceOptions: ControlRouteOptions = {
  method: 'GET',
  path: '/ledgers/<name>/balance',
  authority: 'read',
  summary: 'the balance of a ledger',
  query: { currency: 'of the balance' },
  answers: {
    200: { type: 'object', properties: { balance: { type: 'number' }, currency: { type: 'string' } } },
    404: { type: 'object' },
  },
};

@controlRoute(balanceOptions)
class BalanceRoute implements ControlRoute {
  constructor(@inject(Ledger) private readonly ledger: Ledger) {}

  handle({ parameters, query }: ControlRequest): ControlAnswer {
    const balance = this.ledger.balances.get(parameters['name'] ?? '');
    if (balance === undefined) return { status: 404, body: { detail: 'there is no such ledger' } };
    return { body: { balance, currency: query['currency'] ?? 'EUR' } };
  }
}

const closeOptions: ControlRouteOptions = {
  method: 'POST',
  path: '/ledgers/<name>/close',
  authority: 'operate',
  body: { force: 'boolean', note: 'text' },
  required: ['note'],
  refusals: ['WORKER_CONFLICT'],
};

@controlRoute(closeOptions)
class CloseRoute implements ControlRoute {
  constructor(@inject(Ledger) private readonly ledger: Ledger) {}

  state({ name = '' }: Readonly<Record<string, string>>): unknown {
    return this.ledger.balances.has(name) ? 'open' : 'closed';
  }

  handle({ parameters, body, who }: ControlRequest): ControlAnswer {
    if (body['note'] === 'refuse') throw new PlbaError('WORKER_CONFLICT', 'not now');
    if (body['note'] === 'fail') throw new PlbaError('QUEUE_FULL', 'nobody said that this may happen');
    if (body['note'] === 'other status') return { status: 418 };
    this.ledger.balances.delete(parameters['name'] ?? '');
    return { body: { who, force: body['force'] === true } };
  }
}

const Ledgers = moduleOf('ledgers', (module) => {
  module.bind(Ledger).toSelf().inSingletonScope();
  module.controlRoute(BalanceRoute);
  module.controlRoute(CloseRoute);
});

const description = new Description([
  ...platformRoutes(),
  ownRoute(balanceOptions, BalanceRoute.prototype, 'BalanceRoute', new SystemClock()),
  ownRoute(closeOptions, CloseRoute.prototype, 'CloseRoute', new SystemClock()),
]);

async function start() {
  const app = await testApplication(Ledgers).start();
  const ask = async (target: string, options: Parameters<typeof app.inject>[1] = {}) => {
    const answer = await app.inject(target, options);
    const [method = '', path = ''] = target.split(' ');
    description.check({ method, path, ...answer });
    return answer;
  };
  return { app, ask, [Symbol.asyncDispose]: () => app[Symbol.asyncDispose]() };
}

describe('control routes of an application', () => {
  it('are constructed by the container, and answer', async () => {
    await using stage = await start();
    const { status, json } = await stage.ask('GET /ledgers/sales/balance?currency=CHF');
    expect([status, json]).to.deep.equal([200, { balance: 7, currency: 'CHF' }]);
  });

  it('answer problems in the form of all others', async () => {
    await using stage = await start();
    const { status, headers, json } = await stage.ask('GET /ledgers/nobody/balance');
    expect(headers['content-type']).to.equal('application/problem+json');
    expect([status, json]).to.deep.equal([
      404,
      { type: 'about:blank', title: 'Not Found', status: 404, detail: 'there is no such ledger' },
    ]);
  });

  it('let nobody in without the authority that they ask for', async () => {
    await using stage = await start();
    const caller = { as: 'caller' } as const;
    expect((await stage.ask('POST /ledgers/sales/close', { ...caller, body: { note: 'x' } })).status).to.equal(403);
    expect((await stage.ask('GET /ledgers/sales/balance', caller)).status).to.equal(200);
    expect((await stage.ask('GET /ledgers/sales/balance')).json).to.include({ balance: 7 });
  });

  it('are guarded like all others', async () => {
    await using stage = await start();
    const foreign = { headers: { Origin: 'http://evil.example' }, body: { note: 'x' } };
    expect((await stage.ask('POST /ledgers/sales/close', foreign)).status).to.equal(403);
    for (const body of [{}, { note: 'x', froce: true }, { note: 'x', force: 'true' }, { note: 'a\nb' }])
      expect((await stage.ask('POST /ledgers/sales/close', { body })).status).to.equal(400);
    expect((await stage.ask('GET /ledgers/sales/balance?curency=CHF')).status).to.equal(400);
    expect((await stage.ask('GET /ledgers/sales/balance')).json).to.include({ balance: 7 });
  });

  it('are audited when they change something, with what was before and is after', async () => {
    await using stage = await start();
    const { status, json } = await stage.ask('POST /ledgers/sales/close', {
      body: { note: 'end', reason: 'the year is over' },
    });
    expect([status, json]).to.deep.equal([200, { who: (json as { who: string }).who, force: false }]);
    const [entry] = (await stage.ask('GET /audit')).json as Record<string, unknown>[];
    expect(entry).to.deep.include({
      what: 'POST /ledgers/sales/close',
      fields: { note: 'end' },
      reason: 'the year is over',
      before: 'open',
      after: 'closed',
      result: 'done',
    });
  });

  it('refuse with the codes that they name, and fail with every other', async () => {
    await using stage = await start();
    const close = async (note: string): Promise<unknown> => {
      const { status, json } = await stage.ask('POST /ledgers/sales/close', { body: { note } });
      return [status, (json as { code: string }).code];
    };
    expect(await close('refuse')).to.deep.equal([409, 'WORKER_CONFLICT']);
    expect(await close('fail')).to.deep.equal([500, 'CONTROL_FAILED']);
    expect(await close('other status')).to.deep.equal([500, 'CONTROL_FAILED']);
    const entries = (await stage.ask('GET /audit')).json as { result: string }[];
    expect(entries.map(({ result }) => result)).to.deep.equal(['failed', 'failed', 'refused']);
  });

  it('are in the description', async () => {
    await using stage = await start();
    const { paths } = (await stage.ask('GET /openapi.json')).json as {
      paths: Record<string, Record<string, { summary: string }>>;
    };
    expect(paths['/ledgers/{name}/balance']?.['get']?.summary).to.equal('the balance of a ledger');
    expect(paths['/ledgers/{name}/close']?.['post']?.summary).to.equal('answered by CloseRoute');
  });

  it('may be replaced like everything else', async () => {
    await using app = await testApplication(Ledgers)
      .rebind(Ledger, (binding) => binding.toConstantValue({ balances: new Map([['sales', 8]]) }))
      .start();
    expect((await app.inject('GET /ledgers/sales/balance')).json).to.include({ balance: 8 });
  });
});

describe('a control route that cannot work', () => {
  const errorOf = (...all: Partial<ControlRouteOptions>[]): Promise<PlbaError> =>
    caught(() => {
      const Module = moduleOf('ledgers', (module) => {
        for (const options of all) {
          @controlRoute({ method: 'GET', path: '/ledgers', authority: 'read', ...options })
          class SomeRoute implements ControlRoute {
            handle(): ControlAnswer {
              return {};
            }
          }
          module.controlRoute(SomeRoute);
        }
      });
      return testApplication(Module).start();
    });

  const wrong: [what: string, options: Partial<ControlRouteOptions>][] = [
    ['no authority', { authority: undefined as never }],
    ['an unknown authority', { authority: 'open' as never }],
    ['a change that who reads may make', { method: 'POST', authority: 'read' }],
    ['another method', { method: 'PATCH' as never, authority: 'operate' }],
    ['no slash', { path: 'ledgers' }],
    ['a slash at the end', { path: '/ledgers/' }],
    ['the root', { path: '/' }],
    ['a climbing path', { path: '/a/../b' }],
    ['an encoded path', { path: '/a%2fb' }],
    ['a query in the path', { path: '/a?b' }],
    ['a half-open part', { path: '/a/<b' }],
    ['two parts of one name', { path: '/a/<b>/<b>' }],
    ['a body of GET', { body: { a: 'text' } }],
    ['a required field that is none', { method: 'PUT', authority: 'operate', required: ['a'] }],
    ['a redirect', { answers: { 302: {} } }],
    ['no answer', { answers: {} }],
    ['a code that there is not', { refusals: ['NO_SUCH_CODE'] }],
    ['a timeout that is no duration', { timeout: 'soon' as never }],
    ['no time at all', { timeout: 0 }],
  ];
  for (const [what, options] of wrong)
    it(`is refused before anything starts: ${what}`, async () => {
      const error = await errorOf(options);
      expect([error.code, error.message]).to.deep.equal(['CONTROL_ROUTE_INVALID', error.message]);
      expect(error.message).to.contain('class SomeRoute of module "ledgers"');
    });

  const clashes: [path: string, other: string][] = [
    ['/status', 'GET /status'],
    ['/workers/<worker>', 'GET /workers/<name>'],
    ['/workers/summary', 'GET /workers/<name>'],
    ['/health/mine', 'GET /health/<group>'],
    ['/<anything>', 'GET /health'],
    ['/openapi.json', 'GET /openapi.json'],
  ];
  for (const [path, other] of clashes)
    it(`is refused with both names where ${path} is what ${other} answers`, async () => {
      const error = await errorOf({ path });
      expect(error.code).to.equal('CONTROL_ROUTE_DUPLICATE');
      expect(error.message)
        .to.contain(`GET ${path} (class SomeRoute of module "ledgers")`)
        .and.contain(`${other} (the platform)`);
    });

  it('is refused with both names where another of the application answers the same', async () => {
    const error = await errorOf({ path: '/ledgers/<name>' }, { path: '/ledgers/all' });
    expect(error.code).to.equal('CONTROL_ROUTE_DUPLICATE');
    expect(error.message).to.contain('GET /ledgers/all').and.contain('GET /ledgers/<name>');
  });

  it('may share a path with another method', async () => {
    const Module = moduleOf('ledgers', (module) => {
      module.controlRoute(BalanceRoute);
      @controlRoute({ method: 'PUT', path: '/ledgers/<name>/balance', authority: 'operate' })
      class SetBalance implements ControlRoute {
        handle(): ControlAnswer {
          return {};
        }
      }
      module.controlRoute(SetBalance);
      module.bind(Ledger).toSelf().inSingletonScope();
    });
    await using app = await testApplication(Module).start();
    expect((await app.inject('PUT /ledgers/sales/balance')).status).to.equal(200);
  });

  it('is named with its chain where something that it needs is missing', async () => {
    const error = await caught(() =>
      testApplication(
        moduleOf('ledgers', (module) => {
          module.controlRoute(BalanceRoute);
        }),
      ).start(),
    );
    expect(error.code).to.equal('BINDING_MISSING');
    expect(error.message).to.contain('control route').and.contain('GET /ledgers/<name>/balance').and.contain('Ledger');
  });

  it('is refused without its tag, and with two', async () => {
    class Untagged implements ControlRoute {
      handle(): ControlAnswer {
        return {};
      }
    }
    const error = await caught(() =>
      createApplication(
        moduleOf('ledgers', (module) => {
          module.controlRoute(Untagged);
        }),
      ).start(),
    );
    expect(error).to.have.property('code', 'DECORATOR_MISUSED');
    expect(() => {
      controlRoute({ method: 'GET', path: '/a', authority: 'read' })(BalanceRoute);
    }).to.throw(PlbaError, 'twice');
  });
});
