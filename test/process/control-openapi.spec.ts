import { expect } from 'chai';
import { describeRoutes } from '../../src/control/openapi/describe-routes.js';
import { ask } from '../fakes/control-client.js';
import { bearer, type ControlStage, startControl } from '../fakes/control-stage.js';
import { platformRoutes } from '../fakes/platform-routes.js';

const operator = bearer('sesame');
/** Something that is there, for each open part of a path. */
const present: Readonly<Record<string, string>> = {
  '/console/<file>': 'console.css',
  '/health/<group>': 'ready',
  '/traces/<id>': '0af7651916cd43dd8448eb211c80319c',
  '/workers/<name>/runs/<id>': 'run-1',
};

// Every answer that the tests of the control plane get is held against the description, see `ask`.
describe('the description of the control plane', () => {
  let stage: ControlStage;

  beforeEach(async () => {
    stage = await startControl({ token: 'sesame' });
  });

  afterEach(() => stage.plane.stop());

  it('is served to who may read, and to nobody else', async () => {
    expect((await ask(stage.port, { path: '/openapi.json' })).status).to.equal(401);
    const { status, json } = await ask(stage.port, { path: '/openapi.json', headers: operator });
    expect(status).to.equal(200);
    expect(json).to.deep.equal(
      JSON.parse(JSON.stringify(describeRoutes(platformRoutes(), { application: 'invoices', version: '0.1.0' }))),
    );
  });

  // What goes on writing has tests of its own.
  for (const route of platformRoutes().filter(({ path }) => path !== '/events')) {
    const { method, path } = route;
    it(`holds for a good answer of ${method} ${path}`, async () => {
      const filled = path.replace('<name>', 'report').replace(/<\w+>/, present[path] ?? '');
      const body = (route.required ?? []).length === 0 ? undefined : '{"level":"debug"}';
      const headers = { ...operator, ...(body !== undefined && { 'Content-Type': 'application/json' }) };
      const { status } = await ask(stage.port, { method, path: filled, headers, ...(body !== undefined && { body }) });
      expect(Object.keys(route.answers)).to.include(String(status));
    });
  }

  it('holds for a change that goes on after its answer', async () => {
    let end: () => void = () => undefined;
    stage.view.onOrder = () => new Promise((resolve) => (end = resolve));
    const { status } = await ask(stage.port, {
      method: 'POST',
      path: '/workers/report/run',
      headers: { ...operator, Prefer: 'respond-async' },
    });
    end();
    expect(status).to.equal(202);
  });

  it('says of each status of a refusal which codes it may have', async () => {
    const { json } = await ask(stage.port, { path: '/openapi.json', headers: operator });
    const paths = json['paths'] as Record<string, Record<string, { responses: Record<string, unknown> }>>;
    expect(Object.keys(paths['/workers/{name}/pause']?.['post']?.responses ?? {})).to.deep.equal(
      [200, 202, 400, 401, 403, 404, 408, 409, 413, 415, 421, 429, 431, 500, 503].map(String),
    );
  });
});
