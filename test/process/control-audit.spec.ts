import { once } from 'node:events';
import { connect } from 'node:net';
import { expect } from 'chai';
import type { AuditEntry } from '../../src/contracts/audit.js';
import { AuditTrail } from '../../src/control/audit/audit-trail.js';
import { PlbaError } from '../../src/errors.js';
import { unheard } from '../../src/events/event-sink.js';
import { ask, type Question } from '../fakes/control-client.js';
import { bearer, type ControlStage, startControl } from '../fakes/control-stage.js';
import { fakeLogger } from '../fakes/fake-logger.js';
import { workerReport } from '../fakes/fake-operator-view.js';

const alice = bearer('of-alice');
const json = { ...alice, 'Content-Type': 'application/json' };
const stop = { method: 'POST', path: '/workers/report/stop' };

describe('the audit', () => {
  let stage: ControlStage;
  const heard: unknown[] = [];

  beforeEach(async () => {
    stage = await startControl({ tokens: { operate: { alice: 'of-alice' }, read: 'for-readers' } });
    heard.length = 0;
    stage.events.subscribe((event) => {
      if (event.type === 'audit') heard.push(event.entry.id);
    });
  });

  afterEach(() => stage.plane.stop());

  const entries = async (): Promise<AuditEntry[]> =>
    (await ask(stage.port, { path: '/audit', headers: bearer('for-readers') })).json as unknown as AuditEntry[];

  it('says who did what, why, and what was before and is after, once each in the log, here and in the events', async () => {
    stage.view.onOrder = () => {
      stage.view.reports[1] = { ...workerReport('report'), state: 'stopped' };
      return Promise.resolve();
    };
    await ask(stage.port, { ...stop, headers: json, body: '{"force":true,"reason":"ledger moves"}' });
    const [entry, ...more] = await entries();
    expect(more).to.deep.equal([]);
    expect(new Date(entry?.when ?? 0).getTime()).to.be.closeTo(Date.now(), 60_000);
    expect({ ...entry, when: undefined }).to.deep.equal({
      id: 1,
      when: undefined,
      who: 'alice@127.0.0.1',
      what: 'POST /workers/report/stop',
      fields: { force: true },
      reason: 'ledger moves',
      before: 'running',
      after: 'stopped',
      result: 'done',
    });
    expect(heard).to.deep.equal([1]);
    expect(stage.log.lines.filter(({ message }) => message === 'a change was made')).to.have.length(1);
  });

  it('takes the reason from a header too, in any language, and drops one that is no line', async () => {
    const inHeader = (reason: Buffer) => ({ ...alice, 'X-Reason': reason.toString('latin1') });
    await ask(stage.port, { ...stop, headers: inHeader(Buffer.from('Prüfung läuft')) });
    await ask(stage.port, { ...stop, headers: inHeader(Buffer.from('a'.repeat(501))) });
    await ask(stage.port, { ...stop, headers: { ...json, 'X-Reason': 'header' }, body: '{"reason":"body"}' });
    expect((await entries()).map(({ reason }) => reason)).to.deep.equal(['body', undefined, 'Prüfung läuft']);
  });

  it('hands the reason to what is asked, from the body or the header', async () => {
    await ask(stage.port, { ...stop, headers: { ...alice, 'X-Reason': 'in the header' } });
    await ask(stage.port, { ...stop, headers: json, body: '{"reason":"in the body"}' });
    await ask(stage.port, { ...stop, headers: alice });
    expect(stage.view.orders.map(({ by }) => by.reason)).to.deep.equal(['in the header', 'in the body', undefined]);
    const reload = { method: 'POST', path: '/config/reload', headers: { ...alice, 'X-Reason': 'new partner' } };
    await ask(stage.port, reload);
    expect(stage.view.reloads).to.deep.equal([['alice@127.0.0.1', 'new partner']]);
  });

  it('says what a reload has changed', async () => {
    const change = { path: 'invoices.batchSize', source: 'config/application.yaml:2', effect: 'live' } as const;
    stage.view.onReload = () => Promise.resolve({ changes: [{ ...change, before: 20, after: 30 }], needsRestart: [] });
    await ask(stage.port, { method: 'POST', path: '/config/reload', headers: alice });
    const [entry] = await entries();
    const inForceSince = stage.view.configuration().since.toISOString();
    expect(entry?.before).to.deep.equal({ inForceSince, values: { 'invoices.batchSize': 20 } });
    expect(entry?.after).to.deep.equal({ inForceSince, values: { 'invoices.batchSize': 30 } });
  });

  it('says of each change of the platform what was before and is after, done or refused, whoever asks', async () => {
    const setLevel = { method: 'PUT', path: '/loggers/default', headers: json, body: '{"level":"debug"}' };
    const changes: Required<Pick<Question, 'method' | 'path' | 'headers'>>[] = [
      ...['start', 'stop', 'restart', 'pause', 'resume', 'run'].map((action) => `/workers/report/${action}`),
      ...['/workers/nobody/stop', '/config/reload', '/shutdown'],
    ].map((path) => ({ method: 'POST', path, headers: alice }));
    for (const change of [setLevel, ...changes]) {
      await ask(stage.port, change);
      await ask(stage.port, { ...change, headers: {} });
      await ask(stage.port, { ...change, headers: bearer('wrong') });
      await ask(stage.port, { ...change, headers: bearer('for-readers') });
      await ask(stage.port, { ...change, headers: { ...change.headers, Host: 'evil.example' } });
      await ask(stage.port, { ...change, headers: { ...change.headers, Origin: 'http://evil.example' } });
    }
    const all = await entries();
    expect(all).to.have.length(60);
    for (const entry of all) {
      expect(entry, entry.what).to.include.keys('before', 'after');
      if (entry.result === 'refused') expect(entry.after, entry.what).to.deep.equal(entry.before);
    }
    expect(all.at(-1)).to.include({ what: 'PUT /loggers/default', before: 'info' });
    expect(all.find(({ what, code }) => what.includes('nobody') && code === 'WORKER_UNKNOWN')?.before).to.equal(null);
  });

  it('has what was refused, whatever refused it, with the code', async () => {
    await ask(stage.port, stop);
    await ask(stage.port, { ...stop, headers: bearer('for-readers') });
    await ask(stage.port, { ...stop, headers: { ...alice, Host: 'evil.example' } });
    await ask(stage.port, { ...stop, headers: { ...alice, Origin: 'http://evil.example' } });
    await ask(stage.port, { ...stop, headers: json, body: '{"froce":true}' });
    await ask(stage.port, { ...stop, path: '/workers/nobody/stop', headers: alice });
    stage.view.onOrder = () => Promise.reject(new PlbaError('WORKER_CONFLICT', 'no'));
    await ask(stage.port, { ...stop, headers: alice });
    stage.view.onOrder = () => Promise.reject(new PlbaError('WORKER_START_FAILED', 'no'));
    await ask(stage.port, { ...stop, headers: alice });
    expect((await entries()).reverse().map(({ who, result, code }) => `${who} ${result} ${code}`)).to.deep.equal([
      'anonymous@127.0.0.1 refused CONTROL_UNAUTHORIZED',
      'read@127.0.0.1 refused CONTROL_FORBIDDEN',
      'anonymous@127.0.0.1 refused CONTROL_HOST_REFUSED',
      'alice@127.0.0.1 refused CONTROL_ORIGIN_REFUSED',
      'alice@127.0.0.1 refused CONTROL_BODY_INVALID',
      'alice@127.0.0.1 refused WORKER_UNKNOWN',
      'alice@127.0.0.1 refused WORKER_CONFLICT',
      'alice@127.0.0.1 failed WORKER_START_FAILED',
    ]);
  });

  it('has a change whose path has a name that cannot be decoded, and one that broke off', async () => {
    await ask(stage.port, { ...stop, path: '/workers/%ff/stop', headers: alice });
    const client = connect({ host: '127.0.0.1', port: stage.port });
    client.write(
      `POST ${stop.path} HTTP/1.1\r\nHost: 127.0.0.1:${stage.port}\r\nAuthorization: Bearer of-alice\r\n` +
        'Content-Type: application/json\r\nContent-Length: 14\r\nExpect: 100-continue\r\n\r\n',
    );
    await once(client, 'data');
    client.end('{"force"');
    client.resume();
    let all: AuditEntry[] = [];
    while (all.length < 2) all = await entries();
    expect(all.map(({ who, what, result, code }) => `${who} ${what} ${result} ${code}`)).to.deep.equal([
      'alice@127.0.0.1 POST /workers/report/stop refused CONTROL_REQUEST_MALFORMED',
      'alice@127.0.0.1 POST /workers/%ff/stop refused CONTROL_REQUEST_MALFORMED',
    ]);
    expect(stage.view.orders).to.deep.equal([]);
  });

  it('has nothing of what changes nothing', async () => {
    await ask(stage.port, { path: '/workers', headers: alice });
    await ask(stage.port, { method: 'POST', path: '/nowhere', headers: alice });
    await ask(stage.port, { method: 'DELETE', path: '/workers/report', headers: alice });
    expect(await entries()).to.deep.equal([]);
  });

  it('cannot be flooded by who is refused', async () => {
    await ask(stage.port, { ...stop, headers: alice });
    for (let count = 0; count < 260; count++) await ask(stage.port, stop);
    const kept = await entries();
    expect(kept.at(-1)).to.include({ id: 1, result: 'done' });
    expect(kept).to.have.length(251);
  });

  it('looks at what a change is about as often a second for strangers as it keeps, and then no more until the next', () => {
    let ms = 0;
    const trail = new AuditTrail({ now: () => 0, monotonic: () => ms }, fakeLogger(), unheard);
    const look = (times: number) => Array.from({ length: times }, () => trail.mayLook()).filter(Boolean).length;
    expect(look(1_000)).to.equal(250);
    ms = 999;
    expect(look(1_000)).to.equal(0);
    ms = 1_000;
    expect(look(1_000)).to.equal(250);
  });
});

describe('Prefer: respond-async', () => {
  let stage: ControlStage;
  const run = { method: 'POST', path: '/workers/report/run', headers: { ...alice, Prefer: 'respond-async' } };

  beforeEach(async () => {
    stage = await startControl({ token: 'of-alice' });
  });

  afterEach(() => stage.plane.stop());

  it('answers 202 and where to look, and the audit waits for the end', async () => {
    let release = (): void => undefined;
    stage.view.onOrder = () => new Promise((resolve) => (release = resolve));
    const { status, headers } = await ask(stage.port, run);
    expect(status).to.equal(202);
    expect(headers).to.include({ location: '/workers/report', 'preference-applied': 'respond-async' });
    const audit = async () => (await ask(stage.port, { path: '/audit', headers: alice })).text;
    expect(await audit()).to.equal('[]');
    release();
    expect(await audit()).to.contain('"result":"done"');
  });

  it('answers at once what is refused at once or done at once', async () => {
    expect((await ask(stage.port, run)).status).to.equal(200);
    stage.view.onOrder = () => Promise.reject(new PlbaError('WORKER_CONFLICT', 'no'));
    expect((await ask(stage.port, run)).status).to.equal(409);
  });

  it('writes down what fails after the answer, and harms nothing', async () => {
    stage.view.onOrder = () => new Promise((_, reject) => setTimeout(reject, 20, new PlbaError('RUN_ABORTED', 'no')));
    expect((await ask(stage.port, run)).status).to.equal(202);
    for (;;) {
      const { text } = await ask(stage.port, { path: '/audit', headers: alice });
      if (text.includes('RUN_ABORTED')) break;
    }
  });
});

describe('POST /shutdown', () => {
  it('has the application stop, with who and why, and again without harm', async () => {
    const stage = await startControl({ tokens: { operate: { alice: 'of-alice' } } });
    const shutdown = { method: 'POST', path: '/shutdown', headers: json };
    expect((await ask(stage.port, { ...shutdown, headers: {} })).status).to.equal(401);
    expect(stage.view.shutdowns).to.deep.equal([]);
    const { status, headers, json: body } = await ask(stage.port, { ...shutdown, body: '{"reason":"moving"}' });
    expect([status, headers.location, body]).to.deep.equal([202, '/status', { state: 'stopping' }]);
    expect((await ask(stage.port, { ...shutdown, body: '{"force":true}' })).status).to.equal(202);
    expect(stage.view.shutdowns).to.deep.equal([
      { reason: 'shutdown by alice@127.0.0.1: moving', force: false },
      { reason: 'shutdown by alice@127.0.0.1', force: true },
    ]);
    const audit = (await ask(stage.port, { path: '/audit', headers: alice })).json as unknown as AuditEntry[];
    expect(audit[1]).to.include({ before: 'running', after: 'stopping', reason: 'moving' });
    await stage.plane.stop();
  });
});
