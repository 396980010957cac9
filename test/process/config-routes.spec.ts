import { expect } from 'chai';
import { ConfigurationError } from '../../src/config/violation.js';
import { ask } from '../fakes/control-client.js';
import { bearer, type ControlStage, startControl } from '../fakes/control-stage.js';

describe('the routes of configuration', () => {
  let stage: ControlStage;
  const headers = bearer('sesame');
  const reload = () => ask(stage.port, { method: 'POST', path: '/config/reload', headers });

  beforeEach(async () => {
    stage = await startControl({ token: 'sesame' });
  });

  afterEach(() => stage.plane.stop());

  it('show values and sources to who may read', async () => {
    expect((await ask(stage.port, { path: '/config' })).status).to.equal(401);
    const { status, json } = await ask(stage.port, { path: '/config', headers });
    expect(status).to.equal(200);
    expect(json['values']).to.deep.equal([
      { path: 'invoices.batchSize', value: 20, source: 'config/application.yaml:2', isDefault: false },
    ]);
  });

  it('reload for who may operate, and say what has changed', async () => {
    expect((await ask(stage.port, { method: 'POST', path: '/config/reload' })).status).to.equal(401);
    const body = { headers: { ...headers, 'Content-Type': 'application/json' }, body: '{"reason":"partner moved"}' };
    const { status, json } = await ask(stage.port, { method: 'POST', path: '/config/reload', ...body });
    expect([status, json]).to.deep.equal([200, { changes: [], needsRestart: [] }]);
    expect(stage.view.reloads).to.deep.equal([['operator@127.0.0.1', 'partner moved']]);
  });

  it('answer a configuration that is wrong with the whole report, as text and as data', async () => {
    const violation = { path: 'invoices.batchSize', rule: 'must be a whole number', received: '"many"' };
    stage.view.onReload = () => Promise.reject(new ConfigurationError([violation], (text) => text));
    const { status, json } = await reload();
    expect(status).to.equal(422);
    expect(json).to.deep.include({ code: 'CONFIG_INVALID', violations: [violation] });
    expect(json['detail']).to.include('received "many"');
  });
});
