import { expect } from 'chai';
import { PlbaError } from '../../src/errors.js';
import { ask, askRaw } from '../fakes/control-client.js';
import { bearer, type ControlStage, startControl } from '../fakes/control-stage.js';
import { workerReport } from '../fakes/fake-operator-view.js';
import { platformRoutes } from '../fakes/platform-routes.js';

describe('the control plane without a token', () => {
  let stage: ControlStage;

  beforeEach(async () => {
    stage = await startControl();
  });

  afterEach(() => stage.plane.stop());

  for (const path of ['/health', '/health?pretty', '/health/ready', '/health/re%61dy', '/health/partners'])
    it(`shows health with details at ${path}`, async () => {
      const { status, json, headers } = await ask(stage.port, { path });
      expect(status).to.equal(200);
      expect(Object.keys(json)).to.deep.equal(['status', 'since', 'workers', 'contributors']);
      expect(json['contributors']).to.deep.equal({
        ledger: {
          status: 'ok',
          raw: 'ok',
          critical: true,
          since: '2026-01-05T08:00:00.000Z',
          checkedAt: '2026-01-05T08:00:00.000Z',
          details: { queue: 3 },
        },
      });
      expect(headers).to.include({ 'content-type': 'application/json', 'cache-control': 'no-store' });
    });

  it('shows a change of health at once', async () => {
    const probe = async (): Promise<unknown> => {
      const { status, json } = await ask(stage.port, { path: '/health/ready' });
      return [status, json['status']];
    };
    expect(await probe()).to.deep.equal([200, 'ok']);
    stage.view.changeHealth('unhealthy');
    expect(await probe()).to.deep.equal([503, 'unhealthy']);
    stage.view.changeHealth('degraded');
    expect(await probe()).to.deep.equal([200, 'degraded']);
  });

  it('shows the application, the workers, one worker and its ledger', async () => {
    expect((await ask(stage.port, { path: '/status' })).json).to.include({ name: 'invoices', state: 'running' });
    const workers = (await ask(stage.port, { path: '/workers' })).json as unknown as { name: string }[];
    expect(workers.map(({ name }) => name)).to.deep.equal(['invoice-sync', 'report']);
    const worker = (await ask(stage.port, { path: '/workers/report' })).json;
    expect(worker).to.include({ name: 'report', state: 'running', nextRun: '2026-01-05T08:00:00.000Z' });
    const runs = (await ask(stage.port, { path: '/workers/report/runs' })).json as unknown as object[];
    expect(runs[0]).to.include({ id: 'run-1', outcome: 'worked', items: 4 });
  });

  for (const path of ['/', '/health', '/health/live', '/health?a', '/status', '/workers/report', '/nowhere'])
    it(`answers HEAD ${path} as GET, without the body`, async () => {
      const got = await ask(stage.port, { path });
      const head = await ask(stage.port, { method: 'HEAD', path });
      expect(head.text).to.equal('');
      expect(head.status).to.equal(got.status);
      for (const name of ['content-type', 'content-length', 'cache-control'])
        expect(head.headers[name], name).to.equal(got.headers[name]);
    });

  it('refuses every action, and says how to enable it', async () => {
    for (const action of ['start', 'stop', 'restart', 'pause', 'resume', 'run']) {
      const { status, json } = await ask(stage.port, { method: 'POST', path: `/workers/report/${action}` });
      expect(status, action).to.equal(403);
      expect(json).to.include({ code: 'CONTROL_FORBIDDEN' });
      expect(json['hint']).to.contain('plba.control.token');
    }
    expect(stage.view.orders).to.deep.equal([]);
  });

  it('takes secrets out of every body', async () => {
    const scrubbed = await startControl({ scrub: (text) => text.replaceAll('hunter2', '******') });
    try {
      scrubbed.view.details = { url: 'https://a:hunter2@ledger' };
      scrubbed.view.reports[1] = { ...workerReport('report'), error: { name: 'Error', message: 'no hunter2' } };
      for (const path of ['/health', '/health?a', '/workers', '/workers/report', '/workers/hunter2']) {
        const { text } = await ask(scrubbed.port, { path });
        expect(text, path).to.contain('******').and.not.contain('hunter2');
      }
    } finally {
      await scrubbed.plane.stop();
    }
  });

  it('answers a failure with a problem that gives nothing away, logs its cause, and goes on', async () => {
    stage.view.status = () => {
      throw new Error('secret of the house');
    };
    stage.view.changeHealth('ok');
    stage.view.health = () => {
      throw new Error('secret of the house');
    };
    for (const path of ['/status', '/health']) {
      const { status, json, text } = await ask(stage.port, { path });
      expect(status, path).to.equal(500);
      expect(json['code']).to.equal('CONTROL_FAILED');
      expect(text).not.to.contain('secret');
    }
    const errors = stage.log.lines.filter(({ level }) => level === 'error');
    expect(errors.map(({ fields }) => (fields['err'] as Error).message)).to.deep.equal([
      'secret of the house',
      'secret of the house',
    ]);
    expect((await ask(stage.port, { path: '/workers' })).status).to.equal(200);
  });
});

describe('every route of the platform', () => {
  const tokens = { probe: 'for-probes', read: 'for-readers', operate: 'for-operators' };
  const held = ['open', 'probe', 'read', 'operate'] as const;
  let stage: ControlStage;

  before(async () => {
    stage = await startControl({ tokens });
  });

  after(() => stage.plane.stop());

  for (const { method, path, authority } of platformRoutes())
    it(`lets in who may ${authority}, and nobody who may less: ${method} ${path}`, async () => {
      // HEAD has the same guards as GET, and an end where GET goes on.
      const question = { method: method === 'GET' ? 'HEAD' : method, path: path.replaceAll(/<\w+>/g, 'nothing') };
      for (const level of held) {
        const headers = level === 'open' ? {} : bearer(tokens[level]);
        const { status } = await ask(stage.port, { ...question, headers });
        const isRefused = status === (level === 'open' ? 401 : 403);
        expect(isRefused, `${level}: ${status}`).to.equal(held.indexOf(level) < held.indexOf(authority));
      }
    });

  it('is open to readers and closed to every change where no token is configured, and says how to have it', async () => {
    const open = await startControl();
    try {
      for (const { method, path } of platformRoutes()) {
        const question = { method: method === 'GET' ? 'HEAD' : method, path: path.replaceAll(/<\w+>/g, 'nothing') };
        const { status, json } = await ask(open.port, question);
        if (method === 'GET') expect(status, path).to.be.oneOf([200, 404]);
        else
          expect([status, json['code'], String(json['hint'])], path).to.satisfy(
            ([is, code, hint]: [number, string, string]) =>
              is === 403 && code === 'CONTROL_FORBIDDEN' && hint.includes('plba.control.token'),
          );
      }
      const { orders, levelChanges, reloads, shutdowns } = open.view;
      expect([...orders, ...levelChanges, ...reloads, ...shutdowns]).to.deep.equal([]);
    } finally {
      await open.plane.stop();
    }
  });
});

describe('the control plane with a token', () => {
  let stage: ControlStage;
  const headers = bearer('sesame');

  beforeEach(async () => {
    stage = await startControl({ token: 'sesame' });
  });

  afterEach(() => stage.plane.stop());

  it('shows strangers the words of health, and details to who has the token', async () => {
    for (const path of ['/health', '/health/ready', '/health?a']) {
      const brief = { status: 'ok' };
      expect((await ask(stage.port, { path })).json['contributors'], path).to.deep.equal({ ledger: brief });
      const wrong = await ask(stage.port, { path, headers: bearer('wrong') });
      expect(wrong.status, path).to.equal(200);
      expect(wrong.json['contributors'], path).to.deep.equal({ ledger: brief });
      const full = (await ask(stage.port, { path, headers })).json['contributors'] as { ledger: object };
      expect(full.ledger, path).to.include({ raw: 'ok', critical: true });
    }
  });

  for (const path of ['/status', '/workers', '/workers/report', '/workers/nobody', '/workers/report/runs'])
    it(`keeps ${path} from who has no token`, async () => {
      for (const wrong of [{}, bearer('sesam'), { Authorization: 'Basic sesame' }]) {
        const { status, headers: answered, json } = await ask(stage.port, { path, headers: wrong });
        expect(status).to.equal(401);
        expect(answered['www-authenticate']).to.match(/^Bearer realm="plba"/);
        expect(json['code']).to.equal('CONTROL_UNAUTHORIZED');
      }
      expect((await ask(stage.port, { path, headers })).status).to.be.oneOf([200, 404]);
    });

  it('gives the console to everybody', async () => {
    expect((await ask(stage.port, { path: '/' })).status).to.equal(200);
  });

  it('does each action and answers with the worker', async () => {
    for (const action of ['start', 'stop', 'restart', 'pause', 'resume', 'run']) {
      const { status, json } = await ask(stage.port, { method: 'POST', path: `/workers/report/${action}`, headers });
      expect(status, action).to.equal(200);
      expect(json['name']).to.equal('report');
    }
    expect(stage.view.orders.map(({ action }) => action)).to.deep.equal([
      'start',
      'stop',
      'restart',
      'pause',
      'resume',
      'run',
    ]);
    expect(stage.view.orders[0]?.by.who).to.match(/^operator@/);
  });

  it('uses force only where the body says so', async () => {
    const json = { ...headers, 'Content-Type': 'application/json' };
    for (const body of [undefined, '', '{}', '{"force":false}', '{"force":true}'])
      await ask(stage.port, { method: 'POST', path: '/workers/report/stop', headers: json, ...(body && { body }) });
    expect(stage.view.orders.map(({ by }) => by.force)).to.deep.equal([false, false, false, false, true]);
  });

  it('answers once the state is reached, also over a chunked body', async () => {
    let release = (): void => undefined;
    stage.view.onOrder = () =>
      new Promise((resolve) => {
        release = resolve;
        stage.view.reports[1] = { ...workerReport('report'), state: 'stopped' };
      });
    const asking = ask(stage.port, {
      method: 'POST',
      path: '/workers/report/stop',
      headers: { ...headers, 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' },
      body: '{"force":true,"reason":"stuck"}',
    });
    while (stage.view.orders.length === 0) await new Promise((resolve) => setImmediate(resolve));
    release();
    expect((await asking).json['state']).to.equal('stopped');
  });

  it('is patient with an action that takes longer than a connection may be idle', async () => {
    const patient = await startControl({
      token: 'sesame',
      limits: { idleTimeoutMs: 50, requestTimeoutMs: 60, headersTimeoutMs: 50, checkEveryMs: 10 },
    });
    try {
      patient.view.onOrder = () => new Promise((resolve) => setTimeout(resolve, 200));
      const { status } = await ask(patient.port, { method: 'POST', path: '/workers/report/run', headers });
      expect(status).to.equal(200);
    } finally {
      await patient.plane.stop();
    }
  });

  it('answers 409 with the state that is in the way', async () => {
    stage.view.reports[1] = { ...workerReport('report'), state: 'completed' };
    stage.view.onOrder = () =>
      Promise.reject(new PlbaError('WORKER_CONFLICT', 'worker "report" is completed', { hint: 'start it' }));
    const {
      status,
      json,
      headers: answered,
    } = await ask(stage.port, {
      method: 'POST',
      path: '/workers/report/pause',
      headers,
    });
    expect(status).to.equal(409);
    expect(answered['content-type']).to.equal('application/problem+json');
    expect(json).to.deep.equal({
      type: 'urn:plba:error:WORKER_CONFLICT',
      title: 'a worker is told to do what its state does not allow',
      status: 409,
      detail: 'worker "report" is completed',
      code: 'WORKER_CONFLICT',
      hint: 'start it',
      state: 'completed',
    });
  });

  for (const code of ['WORKER_CONFLICT', 'RUN_OVERLAP', 'RUN_ABORTED'] as const)
    it(`answers 409 with the state of the worker for ${code}, whatever was asked of it`, async () => {
      stage.view.reports[1] = { ...workerReport('report'), state: 'paused' };
      stage.view.onOrder = () => Promise.reject(new PlbaError(code, 'not now'));
      for (const action of ['start', 'stop', 'restart', 'pause', 'resume', 'run']) {
        const { status, json } = await ask(stage.port, { method: 'POST', path: `/workers/report/${action}`, headers });
        expect(status, action).to.equal(409);
        expect(json, action).to.include({ code, state: 'paused', detail: 'not now' });
      }
    });

  it('answers 503 to actions while the application stops, and still shows everything', async () => {
    for (const state of ['stopping', 'stopped', 'failed'] as const) {
      stage.view.state = state;
      for (const action of ['start', 'stop', 'restart', 'pause', 'resume', 'run']) {
        const { status, json } = await ask(stage.port, { method: 'POST', path: `/workers/report/${action}`, headers });
        expect(status, action).to.equal(503);
        expect(json).to.include({ code: 'CONTROL_STOPPING', state });
      }
      const reload = await ask(stage.port, { method: 'POST', path: '/config/reload', headers });
      expect([reload.status, reload.json['state']]).to.deep.equal([503, state]);
    }
    expect(stage.view.reloads).to.deep.equal([]);
    expect((await ask(stage.port, { path: '/status', headers })).status).to.equal(200);
    expect(stage.view.orders).to.deep.equal([]);
  });

  it('writes down each change with who, what and why, done or refused, and never the token', async () => {
    const json = { ...headers, 'Content-Type': 'application/json' };
    const body = '{"reason":"ledger moves"}';
    await ask(stage.port, { method: 'POST', path: '/workers/report/pause', headers: json, body });
    await ask(stage.port, { method: 'POST', path: '/workers/report/pause', headers: bearer('wrong-token') });
    await ask(stage.port, { path: '/workers', headers });
    const [done, attempt, refused, ...more] = stage.log.lines;
    expect(more).to.deep.equal([]);
    expect(done).to.deep.include({ level: 'info', message: 'a change was made' });
    expect(done?.fields).to.include({ what: 'POST /workers/report/pause', reason: 'ledger moves' });
    expect(done?.fields['who']).to.match(/^operator@/);
    expect(attempt?.message).to.equal('a request showed a wrong token');
    expect(refused?.level).to.equal('warn');
    expect(refused?.fields['who']).to.match(/^anonymous@/);
    expect(refused?.fields['code']).to.equal('CONTROL_UNAUTHORIZED');
    expect(JSON.stringify(stage.log.lines)).not.to.contain('sesame').and.not.contain('wrong-token');
  });

  it('asks for a body only after it knows that it will read it', async () => {
    const question = (token: string): string =>
      `POST /workers/report/stop HTTP/1.1\r\nHost: 127.0.0.1:${stage.port}\r\nAuthorization: Bearer ${token}\r\n` +
      'Content-Type: application/json\r\nContent-Length: 14\r\nExpect: 100-continue\r\n';
    const sent = [`${question('sesame')}Connection: close\r\n\r\n`, '{"force":true}'];
    expect((await askRaw(stage.port, sent)).statuses).to.deep.equal([100, 200]);
    const refused = await askRaw(stage.port, [`${question('wrong')}\r\n`]);
    expect(refused.statuses).to.deep.equal([401]);
    // Closed at once: whether the body still comes is unknown, and so is where the next request would begin.
    expect(refused.closedAfterMs).to.be.below(1_000);
  });
});
