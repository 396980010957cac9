import { expect } from 'chai';
import { ask } from '../fakes/control-client.js';
import { bearer, type ControlStage, startControl } from '../fakes/control-stage.js';

describe('health for the tools of others', () => {
  let stage: ControlStage;
  before(async () => {
    stage = await startControl({ token: 'let me in' });
  });
  after(() => stage.plane.stop());

  const wantsHealthJson = { Accept: 'application/health+json' };

  it('is application/health+json for those who accept that', async () => {
    stage.view.changeHealth('degraded');
    const headers = { ...wantsHealthJson, ...bearer('let me in') };
    const answer = await ask(stage.port, { path: '/health/ready', headers });
    expect(answer.headers['content-type']).to.equal('application/health+json');
    expect([answer.status, answer.json['status']]).to.deep.equal([200, 'warn']);
    expect(answer.json['checks']).to.have.keys('invoice-sync', 'ledger');
    expect(JSON.stringify(answer.json)).to.include('ledger says no');
  });

  it('is that of MicroProfile for those who ask for it', async () => {
    stage.view.changeHealth('unhealthy');
    const answer = await ask(stage.port, { path: '/health?format=microprofile', headers: bearer('let me in') });
    expect([answer.status, answer.json['status']]).to.deep.equal([503, 'DOWN']);
    expect(answer.json['checks']).to.have.length(2);
  });

  it('knows startup by its other name', async () => {
    stage.view.changeHealth('ok');
    for (const path of [
      '/health/started',
      '/health/started?format=microprofile',
      '/health/startup?format=microprofile',
    ]) {
      const { status, headers } = await ask(stage.port, { path });
      expect([status, headers.location], path).to.deep.equal([200, undefined]);
    }
  });

  it('tells strangers the words only', async () => {
    stage.view.changeHealth('unhealthy');
    for (const request of [
      { path: '/health', headers: wantsHealthJson },
      { path: '/health?format=microprofile' },
      { path: '/health/ready' },
    ]) {
      const { status, json } = await ask(stage.port, request);
      expect(status).to.equal(503);
      expect(JSON.stringify(json), request.path).not.to.match(/ledger says no|queue|checkedAt|"time"/);
    }
  });

  it('takes parameters that get a probe past caches, and refuses a format that there is not', async () => {
    expect((await ask(stage.port, { path: '/health?ts=123' })).json['status']).to.equal('unhealthy');
    const { status, json } = await ask(stage.port, { path: '/health?format=xml' });
    expect([status, json['code']]).to.deep.equal([400, 'CONTROL_QUERY_INVALID']);
  });
});
