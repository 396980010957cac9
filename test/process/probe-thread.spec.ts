import { expect } from 'chai';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { join } from 'node:path';
import { ask, type Reply } from '../fakes/control-client.js';
import { Program } from '../support/child-process.js';
import { describeProbeThread } from '../support/described-answers.js';

const blocking = join('test', 'process', 'fixtures', 'blocking.ts');

async function probePort(program: Program): Promise<number> {
  const line = await program.line('probes are answered by a thread on');
  const port = Number(/:(\d+)"/.exec(line)?.[1]);
  describeProbeThread(port);
  return port;
}

async function until(port: number, path: string, isThere: (reply: Reply) => boolean): Promise<Reply> {
  for (;;) {
    const reply = await ask(port, { path });
    if (isThere(reply)) return reply;
    await wait(10);
  }
}

describe('probes on a thread', function () {
  this.timeout(120_000);
  const env = { PLBA__CONTROL__PROBES: 'thread' };

  it('answer while the loop is blocked, first well, then unhealthy but for startup, and name the run', async () => {
    await using program = new Program(blocking, {
      env: { ...env, BLOCK_MS: '6000', PLBA__HEALTH__BLOCKED_AFTER: '3s' },
    });
    const port = await probePort(program);
    await until(port, '/health/ready', ({ status }) => status === 200);
    await program.line('blocks');
    const busy = await until(port, '/health/live', ({ json }) => json['eventLoop'] !== undefined);
    expect([busy.status, busy.json['status']], 'a busy loop').to.deep.equal([200, 'ok']);
    const dead = await until(port, '/health/live', ({ status }) => status === 503);
    expect(dead.json).to.include({ status: 'unhealthy', reason: 'blocked' });
    expect((dead.json['eventLoop'] as { blockedMs: number }).blockedMs).to.be.at.least(3_000);
    expect((await ask(port, { path: '/health/ready' })).status).to.equal(503);
    expect((await ask(port, { path: '/health/startup' })).status).to.equal(200);
    expect(program.stderr, 'all of that while it was blocked').not.to.include('has blocked');
    const told = await program.line('the event loop is blocked for');
    expect(told).to.match(/the event loop is blocked for 3\.\d s in run [0-9a-f]+-\w+ of invoice-sync/);

    await until(port, '/health/live', ({ status, json }) => status === 200 && json['eventLoop'] === undefined);
    const logged = await program.line(/the event loop was blocked for .+ in run/);
    const { msg, ...fields } = JSON.parse(logged) as Record<string, unknown>;
    expect(msg).to.match(/^the event loop was blocked for [\d.]+s in run [0-9a-f]+-\w+ of invoice-sync$/);
    expect(fields).to.include({ name: 'plba.health', worker: 'invoice-sync' });
    expect(fields['blockedMs']).to.be.within(5_000, 20_000);
    program.kill('SIGTERM');
    expect(await program.ended).to.deep.equal({ code: 0, signal: null });
  });

  it('say the same as the control plane, in every format, and nothing about anybody', async () => {
    await using program = new Program(blocking, { env });
    const port = await probePort(program);
    const control = Number(new URL(await program.controlUrl()).port);
    await until(port, '/health/startup', ({ status }) => status === 200);
    for (const path of ['/health', '/health/live', '/health/ready', '/health/startup', '/health/started']) {
      const [one, other] = [await ask(port, { path }), await ask(control, { path })];
      expect(one.status, path).to.equal(other.status);
      expect(one.json, path).to.deep.equal({ status: other.json['status'], since: other.json['since'] });
    }
    const health = await ask(port, { path: '/health', headers: { Accept: 'application/health+json' } });
    expect([health.headers['content-type'], health.json]).to.deep.equal([
      'application/health+json',
      { status: 'pass' },
    ]);
    const micro = await ask(port, { path: '/health/live?format=microprofile' });
    expect(micro.json).to.deep.equal({ status: 'UP', checks: [{ name: 'application', status: 'UP', data: {} }] });
    for (const [path, status] of [
      ['/', 404],
      ['/workers', 404],
      ['/health/', 404],
      ['/health/nope', 404],
    ] as const)
      expect((await ask(port, { path })).status, path).to.equal(status);
    expect((await ask(port, { path: '/health', method: 'POST' })).status).to.equal(405);
    expect((await ask(port, { path: '/health', headers: { Host: 'evil.example' } })).status).to.equal(421);
    expect((await ask(port, { path: '/health', method: 'HEAD' })).text).to.equal('');
  });

  it('find room among more connections than the thread keeps: the oldest that are idle have to go', async () => {
    await using program = new Program(blocking, { env });
    const port = await probePort(program);
    await until(port, '/health/live', ({ status }) => status === 200);
    const crowd: Socket[] = [];
    try {
      for (let index = 0; index < 600; index++) {
        const socket = connect({ host: '127.0.0.1', port }).on('error', () => undefined);
        crowd.push(socket);
        await once(socket, 'connect');
      }
      expect((await ask(port, { path: '/health/live' })).status).to.equal(200);
      const first = crowd[0]?.resume();
      if (first?.closed === false) await once(first, 'close');
    } finally {
      for (const socket of crowd) socket.destroy();
    }
  });

  it('are an error at start where their port is taken, named with its setting', async () => {
    await using program = new Program(blocking, { env });
    const port = await probePort(program);
    await using second = new Program(blocking, { env: { PLBA__CONTROL__PROBES: `thread:127.0.0.1:${port}` } });
    const { code } = await second.ended;
    expect(code).to.equal(1);
    expect(second.output()).to.include('CONTROL_LISTEN_FAILED').and.include('plba.control.probes');
  });
});

describe('a loop that was blocked', function () {
  this.timeout(120_000);

  it('is reported with worker, run and how long, also without a thread, and counted', async () => {
    await using program = new Program(blocking, { env: { BLOCK_MS: '1800' } });
    const url = await program.controlUrl();
    await program.line(/the event loop was blocked for .+ in run [0-9a-f]+-\w+ of invoice-sync/);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).to.match(/^plba_event_loop_stalls_total [1-9]/m);
    expect(Number(/^plba_event_loop_blocked_time_seconds_total (\S+)$/m.exec(metrics)?.[1])).to.be.greaterThan(1);
  });
});
