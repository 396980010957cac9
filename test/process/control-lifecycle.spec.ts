import dns from 'node:dns';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { expect } from 'chai';
import { ControlPlane } from '../../src/control/control-plane.js';
import type { Route } from '../../src/control/route.js';
import { PlbaError } from '../../src/errors.js';
import { SystemClock } from '../../src/time/system-clock.js';
import { ask, askRaw } from '../fakes/control-client.js';
import { bearer, type ControlStage, startControl } from '../fakes/control-stage.js';
import { fakeLogger } from '../fakes/fake-logger.js';
import { FakeOperatorView } from '../fakes/fake-operator-view.js';

const quick = {
  headersTimeoutMs: 150,
  requestTimeoutMs: 200,
  idleTimeoutMs: 200,
  keepAliveTimeoutMs: 100,
  checkEveryMs: 20,
};

describe('starting the control plane', () => {
  const plane = (settings: { host: string; port: number; token?: string }): ControlPlane =>
    new ControlPlane({ settings, view: new FakeOperatorView(), log: fakeLogger(), clock: new SystemClock() });

  it('takes a free port for 0 and says which', async () => {
    const stage = await startControl();
    expect(stage.port).to.be.above(0);
    expect((await ask(stage.port, { path: '/health/live' })).status).to.equal(200);
    expect(await stage.plane.start(), 'the same answer for a second start').to.deep.equal({
      host: '127.0.0.1',
      port: stage.port,
      isTls: false,
    });
    await stage.plane.stop();
  });

  it('says which address it could not listen on, why, and what to set', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const error = await errorOf(plane({ host: '127.0.0.1', port }).start());
    expect(error.code).to.equal('CONTROL_LISTEN_FAILED');
    expect(error.message).to.contain(`127.0.0.1:${port}`).and.contain('in use');
    expect(error.hint).to.contain('plba.control.port').and.contain('0 takes a free one');
    expect(error.cause).to.have.property('code', 'EADDRINUSE');
    other.close();
  });

  it('names an address that the machine does not have', async () => {
    const error = await errorOf(plane({ host: '192.0.2.1', port: 0, token: 'sesame' }).start());
    expect(error.code).to.equal('CONTROL_LISTEN_FAILED');
    expect(error.message).to.contain('192.0.2.1:0');
    expect(error.hint).to.contain('plba.control.host');
  });

  it('refuses to be exposed without a token, and listens nowhere', async () => {
    const view = new FakeOperatorView();
    const settings = { host: '0.0.0.0', port: 0 };
    const exposed = new ControlPlane({ settings, view, log: fakeLogger(), clock: new SystemClock() });
    expect((await errorOf(exposed.start())).code).to.equal('CONTROL_EXPOSED');
    expect(view.listeners).to.equal(0);
    await exposed.stop();
  });

  it('is not taken in by a name of loopback that leads elsewhere', async () => {
    const { lookup } = dns;
    dns.lookup = ((...args: readonly unknown[]) => {
      (args.at(-1) as (error: null, address: string, family: number) => void)(null, '0.0.0.0', 4);
    }) as unknown as typeof lookup;
    try {
      expect((await errorOf(plane({ host: 'localhost', port: 0 }).start())).code).to.equal('CONTROL_EXPOSED');
    } finally {
      dns.lookup = lookup;
    }
  });

  it('listens beyond loopback with a token, for any host', async () => {
    const stage = await startControl({ host: '0.0.0.0', token: 'sesame' });
    const { status } = await ask(stage.port, { path: '/health', headers: { Host: 'ops.example' } });
    expect(status).to.equal(200);
    await stage.plane.stop();
  });

  it('does not start once it was told to stop', async () => {
    const stopped = plane({ host: '127.0.0.1', port: 0 });
    await stopped.stop();
    expect((await errorOf(stopped.start())).code).to.equal('START_ABORTED');
  });
});

describe('stopping the control plane', () => {
  let stage: ControlStage;

  beforeEach(async () => {
    stage = await startControl({ token: 'sesame', limits: { stopGraceMs: 150 } });
  });

  afterEach(() => stage.plane.stop());

  it('ends at once when nobody is connected, also a second time', async () => {
    await stage.plane.stop();
    await stage.plane.stop();
    expect(stage.view.listeners).to.equal(0);
    expect(await connectionError(stage.port)).to.equal('ECONNREFUSED');
  });

  it('does not wait for connections that have said nothing, half a request, or all of one before', async () => {
    const sockets = await Promise.all(
      [
        '',
        'GET /heal',
        `POST /workers/report/stop HTTP/1.1\r\nHost: 127.0.0.1:${stage.port}\r\n`,
        probe(stage.port),
      ].map((bytes) => open(stage.port, bytes)),
    );
    const closed = Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve))));
    const startedMs = performance.now();
    await stage.plane.stop();
    expect(performance.now() - startedMs).to.be.below(140);
    await closed;
  });

  it('lets an answer in progress leave', async () => {
    let release = (): void => undefined;
    stage.view.onOrder = () => new Promise((resolve) => (release = resolve));
    const asking = ask(stage.port, { method: 'POST', path: '/workers/report/run', headers: bearer('sesame') });
    await ordered();
    const stopping = stage.plane.stop();
    release();
    const { status, headers } = await asking;
    expect(status).to.equal(200);
    expect(headers.connection).to.equal('close');
    await stopping;
  });

  it('cuts off what has not left in time', async () => {
    stage.view.onOrder = () => new Promise(() => undefined);
    const asking = ask(stage.port, { method: 'POST', path: '/workers/report/run', headers: bearer('sesame') }).then(
      () => 'answered',
      (error: unknown) => (error as NodeJS.ErrnoException).code,
    );
    await ordered();
    await stage.plane.stop();
    expect(await asking).to.equal('ECONNRESET');
  });

  it('cuts off a body that never comes', async () => {
    const head = `POST /workers/report/stop HTTP/1.1\r\nHost: 127.0.0.1:${stage.port}\r\nAuthorization: Bearer sesame\r\n`;
    const socket = await open(
      stage.port,
      `${head}Content-Type: application/json\r\nContent-Length: 20\r\n\r\n{"force"`,
    );
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await ask(stage.port, { path: '/workers', headers: bearer('sesame') });
    await stage.plane.stop();
    await closed;
    expect(stage.view.orders).to.deep.equal([]);
  });

  async function ordered(): Promise<void> {
    while (stage.view.orders.length === 0) await new Promise((resolve) => setImmediate(resolve));
  }
});

describe('slow and crowded clients of the control plane', () => {
  const slow: [what: string, bytes: (port: number) => string, statuses: number[]][] = [
    ['says nothing', () => '', [408]],
    ['stops inside of the request line', () => 'GET /hea', [408]],
    ['stops inside of the headers', (port) => `GET /health HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n`, [408]],
    ['stops inside of the body', (port) => action(port, 'Content-Length: 20', '{"force"'), [408]],
    ['stops inside of a chunk', (port) => action(port, 'Transfer-Encoding: chunked', '14\r\n{"force"'), [408]],
    ['keeps a connection without using it', probe, [200]],
  ];
  for (const [what, bytes, statuses] of slow)
    it(`cuts off a client that ${what}`, async () => {
      const limits = { ...quick, idleTimeoutMs: 1_000 };
      const stage = await startControl({ token: 'sesame', limits });
      try {
        const reply = await askRaw(stage.port, [bytes(stage.port)]);
        expect(reply.statuses).to.deep.equal(statuses);
        // Node adds a second of its own to the time that a connection is kept.
        expect(reply.closedAfterMs).to.be.below(2_500);
        expect(stage.view.orders).to.deep.equal([]);
      } finally {
        await stage.plane.stop();
      }
    });

  it('waits less for headers than for a body', async () => {
    const stage = await startControl({ limits: { headersTimeoutMs: 100, checkEveryMs: 20 } });
    try {
      const reply = await askRaw(stage.port, ['GET /health HTTP/1.1\r\n']);
      expect(reply.statuses).to.deep.equal([408]);
      expect(reply.closedAfterMs).to.be.below(2_500);
    } finally {
      await stage.plane.stop();
    }
  });

  it('cuts off a client that does not read its answer', async () => {
    const stage = await startControl({ limits: quick });
    try {
      stage.view.details = { text: Array.from({ length: 90 }, () => 'x'.repeat(8000)) };
      const socket = await open(stage.port, '');
      socket.pause();
      const closed = new Promise((resolve) => socket.once('close', resolve));
      for (let count = 0; count < 12; count++) socket.write(probe(stage.port));
      // Paused, a socket learns of its end only by writing.
      const writing = setInterval(() => socket.write(probe(stage.port)), 20);
      await closed;
      clearInterval(writing);
    } finally {
      await stage.plane.stop();
    }
  });

  it('lets the oldest silent connection go for a new one, so that a crowd does not lock out the probes', async () => {
    const stage = await startControl({ limits: { maxConnections: 3 } });
    try {
      const silent = await Promise.all([1, 2, 3].map(() => open(stage.port, '')));
      const firstClosed = new Promise((resolve) => silent[0]?.once('close', resolve));
      expect((await ask(stage.port, { path: '/health/live' })).status).to.equal(200);
      await firstClosed;
      expect(silent[2]?.destroyed).to.be.false;
    } finally {
      await stage.plane.stop();
    }
  });

  it('answers requests of one connection one after the other, however many come at once', async () => {
    const stage = await startControl({ token: 'sesame' });
    try {
      let end: () => void = () => undefined;
      stage.view.onOrder = () => new Promise((resolve) => (end = resolve));
      const actions = action(stage.port, 'Content-Length: 2', '{}').repeat(3);
      const reply = askRaw(stage.port, [
        `${actions}GET /health HTTP/1.1\r\nHost: 127.0.0.1:1\r\nConnection: close\r\n\r\n`,
      ]);
      for (const asked of [1, 2, 3]) {
        while (stage.view.orders.length < asked) await new Promise((resolve) => setImmediate(resolve));
        // A turn of the event loop more would be enough for the next one, if it did not wait.
        await new Promise((resolve) => setImmediate(resolve));
        expect(stage.view.orders).to.have.length(asked);
        end();
      }
      expect((await reply).text.match(/HTTP\/1\.1 \d+/g)).to.deep.equal(
        [200, 200, 200, 421].map((status) => `HTTP/1.1 ${status}`),
      );
    } finally {
      await stage.plane.stop();
    }
  });

  it('cuts off a client that sends more requests ahead than anybody needs, before it works for them', async () => {
    const stage = await startControl({ token: 'sesame', limits: { stopGraceMs: 10 } });
    try {
      stage.view.onOrder = () => new Promise(() => undefined);
      expect((await askRaw(stage.port, [action(stage.port, 'Content-Length: 2', '{}').repeat(50)])).statuses).to.be
        .empty;
      expect(stage.view.orders.length).to.be.at.most(1);
    } finally {
      await stage.plane.stop();
    }
  });

  const operator = 'Authorization: Bearer sesame';
  const large: Route = {
    method: 'GET',
    path: '/large',
    authority: 'read',
    summary: 'more than a system takes for a client that does not read',
    answers: { 200: { 'application/json': {} } },
    refusals: [],
    handle: () => ({ status: 200, body: Buffer.alloc(8_000_000) }),
  };
  const slowly: [what: string, bytes: (port: number) => string][] = [
    ['sends its request slowly', (port) => action(port, 'Expect: 100-continue\r\nContent-Length: 20', '{')],
    [
      'reads its answer slowly',
      (port) => probe(port).replace('/health', '/large').replace('\r\n\r\n', `\r\n${operator}\r\n\r\n`),
    ],
  ];
  for (const [what, bytes] of slowly)
    it(`lets a client go that ${what}, so that a crowd of such does not lock out the probes`, async () => {
      const tokens = { operate: 'sesame' };
      const stage = await startControl({ tokens, routes: [large], limits: { maxConnections: 3 } });
      try {
        const slow = await Promise.all([1, 2, 3].map(() => open(stage.port, bytes(stage.port))));
        // The first that comes back says that the request is being worked on.
        await Promise.all(slow.map((socket) => new Promise((resolve) => socket.once('data', resolve))));
        for (const socket of slow) socket.pause();
        expect((await ask(stage.port, { path: '/health/live' })).status).to.equal(200);
      } finally {
        await stage.plane.stop();
      }
    });

  it('lets those go who were here first where more answers than are kept wait for clients that do not read', async () => {
    const limits = { maxUnreadBytes: 10_000_000, stopGraceMs: 10 };
    const stage = await startControl({ tokens: { operate: 'sesame' }, routes: [large], limits });
    try {
      const bytes = `GET /large HTTP/1.1\r\nHost: 127.0.0.1:${stage.port}\r\n${operator}\r\n\r\n`;
      const readers: Socket[] = [];
      for (let count = 0; count < 3; count++) {
        const socket = await open(stage.port, bytes);
        await new Promise((resolve) => socket.once('data', resolve));
        socket.pause();
        readers.push(socket);
      }
      // The second and third together are still too much for one more.
      expect((await ask(stage.port, { path: '/status', headers: bearer('sesame') })).status).to.equal(200);
      const [first, second, third] = await Promise.all(readers.map((socket) => restOf(socket)));
      expect(Math.max(first ?? 0, second ?? 0)).to.be.below(7_800_000);
      expect(third).to.be.above(7_800_000);
    } finally {
      await stage.plane.stop();
    }
  });

  it('turns a new connection away where every other waits for an answer', async () => {
    const stage = await startControl({ token: 'sesame', limits: { maxConnections: 1, stopGraceMs: 10 } });
    try {
      stage.view.onOrder = () => new Promise(() => undefined);
      const waiting = await open(stage.port, action(stage.port, 'Content-Length: 2', '{}'));
      while (stage.view.orders.length === 0) await new Promise((resolve) => setImmediate(resolve));
      expect((await askRaw(stage.port, [])).statuses).to.deep.equal([]);
      expect(waiting.destroyed).to.be.false;
    } finally {
      await stage.plane.stop();
    }
  });
});

function action(port: number, length: string, body: string): string {
  const head = `POST /workers/report/stop HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer sesame\r\n`;
  return `${head}Content-Type: application/json\r\n${length}\r\n\r\n${body}`;
}

function probe(port: number): string {
  return `GET /health HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`;
}

/** How many bytes still come, until all of a large answer is there or the server closes. */
function restOf(socket: Socket): Promise<number> {
  return new Promise((resolve) => {
    let bytes = 0;
    const end = (): void => {
      resolve(bytes);
    };
    socket.on('close', end);
    if (socket.closed) end();
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > 7_800_000) end();
    });
    socket.resume();
  });
}

/** A connection on which `bytes` were written. */
function open(port: number, bytes: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => {
      socket.write(bytes, () => {
        resolve(socket);
      });
    });
    socket.once('error', reject);
    // Cut off by the server, as it should be.
    socket.on('error', () => undefined);
    socket.resume();
  });
}

function connectionError(port: number): Promise<string | undefined> {
  return ask(port, { path: '/health' }).then(
    () => undefined,
    (error: unknown) => (error as NodeJS.ErrnoException).code,
  );
}

async function errorOf(refused: Promise<unknown>): Promise<PlbaError> {
  const error: unknown = await refused.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).to.be.instanceOf(PlbaError);
  return error as PlbaError;
}
