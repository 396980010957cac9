import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { expect } from 'chai';
import type { ApplicationEventBody } from '../../src/contracts/events.js';
import { ask } from '../fakes/control-client.js';
import { bearer, type ControlStage, startControl } from '../fakes/control-stage.js';

const paused = (worker: string): ApplicationEventBody => ({
  type: 'worker-state',
  worker,
  from: 'running',
  to: 'paused',
  why: 'order',
});

describe('GET /events', () => {
  let stage: ControlStage;

  beforeEach(async () => {
    stage = await startControl({
      scrub: (text) => text.replaceAll('hunter2', '******'),
      limits: { heartbeatMs: 60, maxEventClients: 3, maxEventBacklogBytes: 512 * 1024, stopGraceMs: 5_000 },
    });
  });

  afterEach(() => stage.plane.stop());

  it('tells each event once, with type, id and data, and without secrets', async () => {
    const client = await listen(stage.port);
    stage.events.publish(paused('report'));
    stage.events.publish(paused('hunter2'));
    await client.until(/hunter2|\*{6}/);
    expect(client.text).to.match(/id: \w+-1\nevent: worker-state\ndata: \{"sequence":1,"at":"[^"]+Z",/);
    expect(client.text.match(/"worker":"report"/g)).to.have.length(1);
    expect(client.text).to.contain('"worker":"******"').and.not.contain('hunter2');
    expect(client.reply.headers).to.include({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  });

  it('needs the authority to read', async () => {
    const closed = await startControl({ token: 'sesame' });
    expect((await ask(closed.port, { path: '/events' })).status).to.equal(401);
    const client = await listen(closed.port, bearer('sesame'));
    expect(client.reply.statusCode).to.equal(200);
    await closed.plane.stop();
  });

  it('beats when nothing happens', async () => {
    await (await listen(stage.port)).until(/: \n\n[^]*: \n\n/);
  });

  it('goes on after the last event that a client has', async () => {
    stage.events.publish(paused('one'));
    const first = await listen(stage.port);
    stage.events.publish(paused('two'));
    await first.until('two');
    expect(first.text, 'what was before').not.to.contain('"one"');
    first.close();
    stage.events.publish(paused('three'));
    const again = await listen(stage.port, { 'Last-Event-ID': first.lastId });
    await again.until('three');
    expect(again.text).not.to.contain('"two"').and.not.contain('missed');
  });

  for (const id of ['other-1', 'nonsense', '-', '$LIFE-9999', '$LIFE-x'])
    it(`says that something was missed for the id ${id}`, async () => {
      const life = (await listen(stage.port)).lastId.split('-')[0] ?? '';
      const client = await listen(stage.port, { 'Last-Event-ID': id.replace('$LIFE', life) });
      await client.until('event: missed\ndata: {"type":"missed"}');
    });

  it('says so as well when more was missed than is kept', async () => {
    const first = await listen(stage.port);
    for (let count = 0; count < 1_001; count++) stage.events.publish(paused('report'));
    const client = await listen(stage.port, { 'Last-Event-ID': first.lastId });
    await client.until('event: missed');
    const rest = await listen(stage.port, { 'Last-Event-ID': first.lastId.replace(/\d+$/, '1') });
    await rest.until(/-1001\n/);
    expect(rest.text).not.to.contain('missed');
    expect(rest.text.match(/^event: /gm)).to.have.length(1_000);
  });

  it('says so as well when what was missed is more than may wait for a client', async () => {
    const first = await listen(stage.port);
    const text = 'x'.repeat(64 * 1024);
    for (let count = 0; count < 9; count++) stage.events.publish(paused(text));
    const client = await listen(stage.port, { 'Last-Event-ID': first.lastId });
    await client.until('event: missed');
    expect(client.text.length).to.be.below(1_000);
    const rest = await listen(stage.port, { 'Last-Event-ID': first.lastId.replace(/\d+$/, '5') });
    await rest.until(/-9\n[^]*\n\n/);
    expect(rest.text).not.to.contain('missed');
  });

  it('cuts off who does not keep up, and nobody else', async () => {
    const patient = await startControl({ limits: { maxEventBacklogBytes: 512 * 1024 } });
    const quick = await listen(patient.port);
    const slow = connect({ port: patient.port, host: '127.0.0.1' });
    slow.write(`GET /events HTTP/1.1\r\nHost: 127.0.0.1:${patient.port}\r\n\r\n`);
    await new Promise((resolve) => slow.once('data', resolve));
    slow.pause();
    slow.on('error', () => undefined);
    const gone = new Promise((resolve) => slow.once('close', resolve));
    // Its system takes some megabytes before anything waits here.
    for (let round = 0; round < 100; round++) {
      for (let count = 0; count < 200; count++) patient.events.publish(paused('x'.repeat(500)));
      patient.events.publish(paused(`round ${round}`));
      await quick.until(`"round ${round}"`);
    }
    slow.resume();
    await gone;
    await patient.plane.stop();
  }).timeout(20_000);

  it('cuts off who has not taken anything for two heartbeats, however little waits', async () => {
    const narrow = await startControl({
      limits: { heartbeatMs: 50, maxEventClients: 1, maxEventBacklogBytes: Number.POSITIVE_INFINITY },
    });
    const deaf = connect({ port: narrow.port, host: '127.0.0.1' });
    deaf.write(`GET /events HTTP/1.1\r\nHost: 127.0.0.1:${narrow.port}\r\n\r\n`);
    await once(deaf, 'data');
    deaf.pause();
    deaf.on('error', () => undefined);
    // More than its system takes.
    for (let count = 0; count < 40; count++) narrow.events.publish(paused('x'.repeat(500_000)));
    while ((await ask(narrow.port, { method: 'HEAD', path: '/events' })).status === 503);
    deaf.destroy();
    await narrow.plane.stop();
  }).timeout(20_000);

  it('turns away one client too many, and takes the next when one has gone', async () => {
    const clients = await Promise.all([1, 2, 3].map(() => listen(stage.port)));
    const { status, json, headers } = await ask(stage.port, { path: '/events' });
    expect([status, json['code']]).to.deep.equal([503, 'CONTROL_STREAM_UNAVAILABLE']);
    expect(headers['retry-after']).to.equal('5');
    clients[0]?.close();
    while ((await ask(stage.port, { method: 'HEAD', path: '/events' })).status === 503);
    await listen(stage.port);
  });

  it('ends all clients at the stop, after the last event, without waiting for them', async () => {
    const client = await listen(stage.port);
    stage.events.publish(paused('last words'));
    const startedMs = performance.now();
    await stage.plane.stop();
    expect(performance.now() - startedMs).to.be.below(2_000);
    await client.until('last words');
    await client.ended;
  });
});

interface Listening {
  readonly reply: IncomingMessage;
  readonly text: string;
  readonly lastId: string;
  readonly ended: Promise<void>;
  until(wanted: string | RegExp): Promise<void>;
  close(): void;
}

/** Listens until the first bytes are there. */
function listen(port: number, headers: Record<string, string> = {}): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const asked = get({ host: '127.0.0.1', port, path: '/events', headers, agent: false }, (reply) => {
      let text = '';
      const watchers = new Set<() => void>();
      const listening: Listening = {
        reply,
        get text() {
          return text;
        },
        get lastId() {
          return [...text.matchAll(/^id: (.+)$/gm)].at(-1)?.[1] ?? '';
        },
        ended: new Promise((settle) => reply.once('close', settle)),
        until: async (wanted) => {
          const isThere = (): boolean => (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text));
          while (!isThere()) await new Promise<void>((wake) => watchers.add(wake));
        },
        close: () => {
          asked.destroy();
        },
      };
      reply.on('error', () => undefined);
      reply.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        if (text.length > 2_000_000) text = text.slice(-1_000);
        for (const wake of watchers) wake();
        watchers.clear();
        resolve(listening);
      });
    });
    asked.on('error', reject);
  });
}
