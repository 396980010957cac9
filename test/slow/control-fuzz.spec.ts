import { expect } from 'chai';
import fc from 'fast-check';
import { findRoute } from '../../src/control/router.js';
import { chanceSeed } from '../../src/testing/seeded-random.js';
import { ask, type Question, type Reply } from '../fakes/control-client.js';
import { bearer } from '../fakes/control-stage.js';
import { platformRoutes } from '../fakes/platform-routes.js';
import { describedRequests } from '../support/described-requests.js';
import { FuzzTarget, tokens, words } from '../support/fuzz-target.js';

const seed = Number(process.env['PLBA_TEST_SEED'] ?? chanceSeed());
const forMs = Number(process.env['PLBA_TEST_FUZZ_MS'] ?? 60_000);

/** Who asks: mostly somebody who may; on Linux also strangers with wrong tokens, each from an address of its own. */
const callers = fc.oneof(
  { weight: 60, arbitrary: fc.constant({ headers: bearer(tokens.operate) }) },
  { weight: 8, arbitrary: fc.constant({ headers: bearer(tokens.read) }) },
  { weight: 4, arbitrary: fc.constant({ headers: bearer(tokens.probe) }) },
  { weight: 4, arbitrary: fc.constant({ headers: {} }) },
  {
    weight: process.platform === 'linux' ? 1 : 0,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: 254 }), fc.nat(255), fc.string({ maxLength: 20 }))
      .map(([a, b, text]) => ({
        from: `127.${a}.${b}.2`,
        headers: bearer(encodeURIComponent(text)),
      })),
  },
);

describe('requests of all kinds over the description of the control plane', function () {
  this.timeout(forMs + 60_000);
  let target: FuzzTarget;
  let seen: Map<string, Set<'taken' | 'refused'>>;

  before(async () => {
    target = await FuzzTarget.start();
    seen = new Map();
  });

  after(() => target.stop());

  it(`change what they are to change and nothing else, and are answered as described, for ${forMs} ms (PLBA_TEST_SEED=${seed})`, async () => {
    const { json } = await ask(target.port, { path: '/openapi.json', headers: bearer(tokens.operate) });
    const requests = fc
      .tuple(describedRequests(json, words), callers)
      .map(([question, caller]) => ({ ...question, ...caller, headers: { ...question.headers, ...caller.headers } }))
      // What goes on writing has tests of its own.
      .filter(({ method, path }) => method !== 'GET' || !path.startsWith('/events'));
    await fc.assert(fc.asyncProperty(requests, holds), {
      seed,
      numRuns: Number.POSITIVE_INFINITY,
      interruptAfterTimeLimit: forMs,
    });
    if (forMs < 30_000) return;
    for (const [path, item] of Object.entries(json['paths'] as Record<string, object>))
      for (const verb of Object.keys(item).filter((each) => path !== '/events' || each === 'head'))
        expect([...(seen.get(`${verb} ${path}`) ?? [])], `${verb} ${path}`).to.have.members(['taken', 'refused']);
  });

  /** What is true of each request, whatever it is. */
  async function holds(question: Question): Promise<void> {
    const { events, port } = target;
    const before = target.state();
    const audits = target.audits.length;
    const happened = events.length;
    const reply = await ask(port, target.filled(question));
    const isChange = question.method === 'POST' || question.method === 'PUT';
    const isTaken = reply.status < 400;
    expect(reply.status, 'a failure').not.to.equal(500);
    if (reply.status > 500) expect(question.path).to.match(/^\/health/);
    if (isTaken && isChange) await target.audited(audits + 1);
    const isOver = events.slice(happened).some((event) => event.type === 'log-level' && event.by === 'plba');
    if ((!isTaken || !isChange) && !isOver) expect(target.state()).to.equal(before);
    const written = target.audits.slice(audits);
    expect(written.length, 'entries of the audit').to.be.at.most(isChange ? 1 : 0);
    if (reply.status !== 202) for (const { result } of written) expect(result).to.equal(isTaken ? 'done' : 'refused');
    note(question, reply);
    // What is past would only take up memory.
    events.length = 0;
    if (reply.status === 202 && question.path.startsWith('/shutdown')) target = await target.replaced();
  }

  /** Which routes have been taken, and refused. */
  function note({ method = 'GET', path }: Question, { status }: Reply): void {
    const route = routeOf(method, path);
    if (route === undefined) return;
    const key = `${method.toLowerCase()} ${route.replaceAll('<', '{').replaceAll('>', '}')}`;
    seen.set(key, (seen.get(key) ?? new Set()).add(status < 400 ? 'taken' : 'refused'));
  }
});

const routes = platformRoutes();

function routeOf(method: string, path: string): string | undefined {
  try {
    return findRoute(routes, method, path).route.path;
  } catch {
    return undefined;
  }
}
