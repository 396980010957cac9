import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, request as plainRequest, type RequestOptions } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { connect, createServer as createNetServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { expect } from 'chai';
import { prepareFolder, runtimeFolder, socketCandidates } from '../../src/control/door/socket-file.js';
import { caught } from '../support/caught.js';
import { ask } from '../fakes/control-client.js';
import { bearer, type ControlStage, startControl } from '../fakes/control-stage.js';

describe('the Unix socket', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plba-sockets-'));
  const path = join(folder, 'invoices.sock');
  let stage: ControlStage;

  beforeEach(async () => {
    stage = await startControl({ socketPaths: [path] });
  });

  afterEach(() => stage.plane.stop());

  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('lets the user of the process operate without a token, and nobody else reach it', async () => {
    const { status } = await over({ socketPath: path, method: 'POST', path: '/workers/report/pause' });
    expect(status).to.equal(200);
    expect(stage.view.orders.map(({ by }) => by.who)).to.deep.equal([`${userInfo().username}@socket`]);
    expect(lstatSync(path).mode & 0o777).to.equal(0o600);
    expect((await ask(stage.port, { method: 'POST', path: '/workers/report/pause' })).status).to.equal(403);
  });

  it('answers whatever host is asked for: no page of a browser gets here', async () => {
    expect((await over({ socketPath: path, path: '/status', headers: { Host: 'x' } })).status).to.equal(200);
  });

  it('is gone when the control plane has stopped', async () => {
    await stage.plane.stop();
    expect(existsSync(path)).to.be.false;
  });

  it('leaves another process its socket, and takes the next path', async () => {
    const second = await startControl({ socketPaths: [path, `${path}.2`] });
    expect(second.address.socket).to.equal(`${path}.2`);
    expect((await over({ socketPath: path, path: '/status' })).status).to.equal(200);
    await second.plane.stop();
    const error = await caught(() => startControl({ socketPaths: [path] }));
    expect(error.code).to.equal('CONTROL_LISTEN_FAILED');
    expect(error.message).to.contain(path).and.contain('another process');
    expect(error.hint).to.contain('plba.control.socket');
  });

  it('takes over from a process that died', async () => {
    await stage.plane.stop();
    await leaveBehind(path);
    expect(existsSync(path)).to.be.true;
    const next = await startControl({ socketPaths: [path] });
    expect((await over({ socketPath: path, path: '/status' })).status).to.equal(200);
    await next.plane.stop();
  });

  it('never replaces a file that is no socket', async () => {
    const file = join(folder, 'precious');
    writeFileSync(file, 'data');
    const error = await caught(() => startControl({ socketPaths: [file] }));
    expect(error.message).to.contain(file).and.contain('no socket');
    expect(readFileSync(file, 'utf8')).to.equal('data');
  });

  it('names a path that is too long', async () => {
    const error = await caught(() => startControl({ socketPaths: [join(folder, 'a'.repeat(120))] }));
    expect(error.message).to.contain('103 bytes');
  });

  it('listens nowhere when one of the doors cannot be opened', async () => {
    const port = await freePort();
    const error = await caught(() => startControl({ port, socketPaths: [path] }));
    expect(error.code).to.equal('CONTROL_LISTEN_FAILED');
    expect(await refusal(port)).to.equal('ECONNREFUSED');
  });
});

describe('the runtime folder', () => {
  it('is that of the user, where the system has one', () => {
    expect(runtimeFolder({ XDG_RUNTIME_DIR: '/run/user/7' })).to.equal('/run/user/7/plba');
    expect(runtimeFolder({ XDG_RUNTIME_DIR: '' })).to.equal(join(tmpdir(), `plba-${userInfo().uid}`));
    expect(runtimeFolder({})).to.equal(join(tmpdir(), `plba-${userInfo().uid}`));
  });

  it('has a file of the name of the application, and others for more of its processes', () => {
    const [first, second, third] = socketCandidates('/run', 'invoices');
    expect([first, second, third]).to.deep.equal([
      '/run/invoices.sock',
      `/run/invoices.${process.pid}.sock`,
      `/run/invoices.${process.pid}.2.sock`,
    ]);
  });

  it('is made for its user only, and refused when others could write there', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'plba-run-')), 'plba');
    prepareFolder(folder);
    expect(lstatSync(folder).mode & 0o777).to.equal(0o700);
    prepareFolder(folder);
    chmodSync(folder, 0o770);
    const error = await caught(() => {
      prepareFolder(folder);
    });
    expect(error.message).to.contain(folder).and.contain('open to others');
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    chmodSync(folder, 0o755);
    await caught(() => {
      prepareFolder(folder);
    });
  });
});

describe('the address for probes', () => {
  let stage: ControlStage;
  let port: number;

  before(async () => {
    stage = await startControl({ token: 'sesame', tokens: { probe: 'for-probes' }, probes: '127.0.0.1:0' });
    port = stage.address.probes?.port ?? 0;
  });

  after(() => stage.plane.stop());

  it('answers the words of health to everybody, and never more', async () => {
    for (const path of ['/health', '/health/live', '/health/live?x', '/health/partners']) {
      const { status, json } = await ask(port, { path, headers: { ...bearer('sesame'), Host: 'any' } });
      expect(status).to.equal(200);
      expect(JSON.stringify(json)).not.to.contain('checkedAt');
    }
  });

  for (const path of [
    '/',
    '/status',
    '/workers',
    '/openapi.json',
    '/health/nope',
    '/health/',
    '/health/live?format=xml',
  ])
    it(`has nothing at ${path}, whatever is shown`, async () => {
      const { status, json } = await ask(port, { path, headers: bearer('sesame') });
      expect([status, json['code']]).to.deep.equal([404, 'CONTROL_ROUTE_UNKNOWN']);
    });

  it('takes no change', async () => {
    const asked = { method: 'POST', path: '/workers/report/stop', headers: bearer('sesame') };
    expect((await ask(port, asked)).status).to.equal(404);
    expect(stage.view.orders).to.deep.equal([]);
  });

  it('leaves the main address to those with a token', async () => {
    expect((await ask(stage.port, { path: '/health' })).status).to.equal(401);
    expect((await ask(stage.port, { path: '/health', headers: bearer('for-probes') })).status).to.equal(200);
    expect((await ask(stage.port, { path: '/status', headers: bearer('for-probes') })).status).to.equal(403);
    expect((await ask(stage.port, { path: '/health', headers: bearer('sesame') })).text).to.contain('checkedAt');
  });

  it('is not configured by what is no address', async () => {
    for (const probes of ['', 'here', '1:2:3', '0.0.0.0:70000', ':1', 'thread']) {
      const error = await caught(() => startControl({ probes }));
      expect(error.message, probes).to.contain('plba.control.probes');
      expect(error.hint).to.contain('8091');
    }
  });
});

describe('TLS', () => {
  const key = 'test/fakes/tls/key.pem';
  const certificate = 'test/fakes/tls/certificate.pem';
  const ca = readFileSync(certificate);
  let stage: ControlStage;

  before(async () => {
    stage = await startControl({ token: 'sesame', tls: { key, certificate }, limits: { headersTimeoutMs: 200 } });
  });

  after(() => stage.plane.stop());

  it('is spoken when key and certificate are configured, as files or as PEM', async () => {
    const asked = { port: stage.port, path: '/status', headers: bearer('sesame'), ca };
    expect((await over(asked, tlsRequest)).status).to.equal(200);
    const pem = { key: readFileSync(key, 'utf8'), certificate: readFileSync(certificate, 'utf8') };
    const other = await startControl({ tls: pem });
    expect((await over({ port: other.port, path: '/health', ca }, tlsRequest)).status).to.equal(200);
    await other.plane.stop();
    expect(stage.address.isTls).to.be.true;
  });

  it('does not answer who speaks plain HTTP, nor TLS below 1.2', async () => {
    expect(await errorCode(over({ port: stage.port, path: '/health' }))).to.equal('ECONNRESET');
    const old = { port: stage.port, host: '127.0.0.1', ca, maxVersion: 'TLSv1.1', minVersion: 'TLSv1' } as const;
    const error = await new Promise<Error>((resolve) => connectTls(old).once('error', resolve));
    expect(error).to.have.property('code').that.is.a('string');
  });

  it('cuts off who connects and does not shake hands, and does not wait for such at the stop', async () => {
    const startedMs = performance.now();
    await new Promise((resolve) => connect({ port: stage.port, host: '127.0.0.1' }).on('close', resolve).resume());
    expect(performance.now() - startedMs).to.be.below(2_000);
    const other = await startControl({ tls: { key, certificate } });
    const socket = connect({ port: other.port, host: '127.0.0.1' });
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.once('connect', resolve));
    await new Promise(setImmediate);
    const stoppingMs = performance.now();
    await other.plane.stop();
    expect(performance.now() - stoppingMs).to.be.below(2_000);
  });

  const wrong: [what: string, tls: { key?: string; certificate?: string }, named: string][] = [
    ['no certificate', { key }, 'plba.control.tls.certificate is missing'],
    ['no key', { certificate }, 'plba.control.tls.key is missing'],
    ['a file that is not there', { key: 'nowhere.pem', certificate }, 'plba.control.tls.key'],
    ['a key of another certificate', { key: otherKey(), certificate }, 'cannot be used together'],
    ['no PEM in the file', { key: 'package.json', certificate }, 'cannot be used together'],
  ];
  for (const [what, tls, named] of wrong)
    it(`refuses to start with ${what}`, async () => {
      const error = await caught(() => startControl({ tls }));
      expect(error.code).to.equal('CONTROL_TLS_INVALID');
      expect(error.message).to.contain(named);
    });
});

describe('wrong tokens', () => {
  const wrong = { path: '/status', headers: bearer('guess') };

  it('are answered later each time', async () => {
    const stage = await startControl({ token: 'sesame', limits: { wrongTokenDelayMs: 40 } });
    const tookMs: number[] = [];
    for (let attempt = 0; attempt < 3; attempt++) {
      const startedMs = performance.now();
      await ask(stage.port, wrong);
      tookMs.push(performance.now() - startedMs);
    }
    for (const [index, leastMs] of [39, 79, 159].entries()) expect(tookMs[index]).to.be.above(leastMs);
    await stage.plane.stop();
  });

  it('are logged with how many there were, and without the token', async () => {
    const stage = await startControl({ token: 'sesame' });
    await ask(stage.port, wrong);
    await ask(stage.port, { path: '/health?token=guess', headers: bearer('guess') });
    await ask(stage.port, { path: '/health', headers: bearer('guess') });
    const [first, , third] = stage.log.lines;
    expect(first).to.deep.include({ level: 'warn', message: 'a request showed a wrong token' });
    expect(first?.fields).to.deep.equal({ who: 'anonymous@127.0.0.1', request: 'GET /status', wrongTokens: 1 });
    expect(third?.fields).to.deep.include({ request: 'GET /health', wrongTokens: 3 });
    expect(JSON.stringify(stage.log.lines)).not.to.contain('guess');
    await stage.plane.stop();
  });

  it('lock an address out when there are too many, and leave it what needs no token', async () => {
    const stage = await startControl({ token: 'sesame', limits: { maxWrongTokens: 3 } });
    for (let attempt = 0; attempt < 3; attempt++) expect((await ask(stage.port, wrong)).status).to.equal(401);
    const { status, json, headers } = await ask(stage.port, { path: '/status', headers: bearer('sesame') });
    expect([status, json['code'], headers['retry-after']]).to.deep.equal([429, 'CONTROL_ATTEMPTS_EXCEEDED', '60']);
    const probe = await ask(stage.port, { path: '/health', headers: bearer('sesame') });
    expect(probe.status).to.equal(200);
    expect(probe.text, 'no sign of whether the token is right').not.to.contain('checkedAt');
    expect(stage.log.lines).to.have.length(3);
    await stage.plane.stop();
  });

  it('count for nothing where no token can be right', async () => {
    const stage = await startControl({ limits: { maxWrongTokens: 1 } });
    for (let attempt = 0; attempt < 3; attempt++) expect((await ask(stage.port, wrong)).status).to.equal(200);
    expect(stage.log.lines).to.deep.equal([]);
    await stage.plane.stop();
  });
});

describe('further hosts', () => {
  it('are let in where they are configured, on loopback and beyond', async () => {
    for (const host of ['127.0.0.1', '0.0.0.0']) {
      const stage = await startControl({ host, token: 'sesame', hosts: ['Ops.example'] });
      const ofHost = async (name: string) =>
        (await ask(stage.port, { path: '/health', headers: { Host: name } })).status;
      expect(await ofHost('ops.example'), host).to.equal(200);
      expect(await ofHost('evil.example'), host).to.equal(421);
      expect(await ofHost(`localhost:${stage.port}`), host).to.equal(200);
      await stage.plane.stop();
    }
  });
});

type Requester = typeof plainRequest | typeof tlsRequest;

function over(
  options: RequestOptions & { ca?: Buffer },
  requester: Requester = plainRequest,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const host = options.socketPath === undefined ? { host: '127.0.0.1' } : {};
    const asked = requester({ ...host, ...options, agent: false }, (reply) => {
      let text = '';
      reply.on('data', (chunk: Buffer) => (text += chunk.toString()));
      reply.on('end', () => {
        resolve({ status: reply.statusCode ?? 0, text });
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}

async function errorCode(work: Promise<unknown>): Promise<string | undefined> {
  return work.then(
    () => undefined,
    (error: unknown) => (error as NodeJS.ErrnoException).code,
  );
}

function refusal(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code);
    });
    socket.once('connect', () => {
      socket.destroy();
      resolve(undefined);
    });
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A socket whose process is gone: closing a server takes its file away, so a hard link keeps it. */
async function leaveBehind(path: string): Promise<void> {
  const server = createNetServer().listen(`${path}.tmp`);
  await new Promise((resolve) => server.once('listening', resolve));
  linkSync(`${path}.tmp`, path);
  await new Promise((resolve) => server.close(resolve));
}

function otherKey(): string {
  return [
    '-----BEGIN PRIVATE KEY-----',
    'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg7dhNRuFILkUi3o6G',
    'x9FbIBOCyXnEdq/3jYTy4u/3inShRANCAATBNn53ZVGVa7lEVy+diHxENJyBsIu7',
    'kndq+CtVXtjRkmbZtTh6AKrRkndooWYBSAYalXgwhTOjeU/rYVkEIkAf',
    '-----END PRIVATE KEY-----',
  ].join('\n');
}
