import { expect } from 'chai';
import { createServer, type AddressInfo } from 'node:net';
import type { StopReport } from 'plba';
import { Program, type ProgramOptions } from '../support/child-process.js';

const fixture = 'test/process/fixtures/scripted.ts';

function start(script: string, options: ProgramOptions & { needs?: string } = {}): Program {
  return new Program(fixture, { ...options, env: { SCRIPT: script, NEEDS: options.needs, ...options.env } });
}

function stopReport(program: Program): StopReport {
  const line = program.lines.find((each) => 'stop' in each);
  expect(line, `no stop report in:\n${program.output()}`).to.not.equal(undefined);
  return line?.['stop'] as StopReport;
}

/** The names of the workers that were told to stop, in the order of the first time. */
function stopOrder(program: Program): string[] {
  return [...new Set(program.stderr.flatMap((line) => /^(\w+) told to stop/.exec(line)?.[1] ?? []))];
}

describe('an application as a process', function () {
  this.timeout(30_000);
  let program: Program;

  afterEach(() => program[Symbol.asyncDispose]());

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`stops with exit code 0 on ${signal}, in reverse order of needs`, async () => {
      program = start('a=ok;b=ok;c=ok', { needs: 'b:a,c:b' });
      await program.line('c started');
      program.kill(signal);
      expect(await program.ended).to.deep.equal({ code: 0, signal: null });
      expect(stopOrder(program)).to.deep.equal(['c', 'b', 'a']);
      expect(stopReport(program)).to.include({ exitCode: 0, reason: signal });
    });
  }

  it('ends by itself with exit code 0 when all workers have completed', async () => {
    program = start('a=once;b=once');
    expect((await program.ended).code, program.output()).to.equal(0);
    expect(stopReport(program).reason).to.equal('all workers completed');
  });

  it('exits with 1 when a worker does not start, names it, and stops what had started', async () => {
    program = start('a=ok;b=start:throw', { needs: 'b:a' });
    expect((await program.ended).code, program.output()).to.equal(1);
    expect(program.stderr.join('\n'))
      .to.include('worker \\"b\\" of module \\"scripted\\" did not start')
      .and.include('b cannot start');
    expect(stopOrder(program)).to.deep.equal(['a']);
  });

  it('exits with 1 when a worker hangs in start, and names it and who waits for it', async () => {
    program = start('a=start:hang;b=ok', { needs: 'b:a', args: ['--set', 'plba.start.timeout=200ms'] });
    expect((await program.ended).code, program.output()).to.equal(1);
    expect(program.stderr.join('\n')).to.include('"a\\" is starting').and.include('"b\\" is waiting for a');
  });

  it('exits with 2 when the configuration is invalid', async () => {
    program = start('a=ok', { args: ['--set', 'plba.control.port=none'] });
    expect((await program.ended).code, program.output()).to.equal(2);
    expect(program.stderr.join('\n')).to.include('plba.control.port');
  });

  it('exits with 3 when a critical worker is lost', async () => {
    program = start('a=ok;b=run:fatal');
    expect((await program.ended).code, program.output()).to.equal(3);
    expect(stopReport(program).reason).to.include('"b" is lost');
  });

  it('restarts a worker that ended by itself, then exits with 3 when the window is used up', async () => {
    program = start('a=ok;b=end:fail');
    expect((await program.ended).code, program.output()).to.equal(3);
    expect(program.stderr.filter((line) => line === 'b started')).to.have.length(2);
  });

  for (const [script, what] of [
    ['exit:throw', 'broke the process'],
    ['exit:reject', 'broke a promise'],
  ] as const) {
    it(`takes the ladder and exits with 3 on ${script}, with the cause logged once`, async () => {
      program = start(`a=ok;b=${script}`);
      expect((await program.ended).code, program.output()).to.equal(3);
      expect(program.lines.filter(({ level }) => level === 'fatal')).to.have.length(1);
      expect(program.output()).to.include(what);
      expect(stopOrder(program)).to.include('a');
    });
  }

  it('exits with 4 and names the worker that hangs in stop', async () => {
    program = start('a=ok;b=stop:hang');
    await program.line('b started');
    program.kill('SIGTERM');
    expect((await program.ended).code, program.output()).to.equal(4);
    const abandoned = stopReport(program).workers.filter(({ result }) => result === 'abandoned');
    expect(abandoned.map(({ worker }) => worker)).to.deep.equal(['b']);
  });

  it('aborts a run that does not end while draining', async () => {
    program = start('a=run:long');
    await program.line('a works');
    program.kill('SIGTERM');
    expect((await program.ended).code, program.output()).to.equal(0);
    expect(stopReport(program).workers[0]).to.include({ worker: 'a', result: 'aborted' });
    expect(program.stderr).to.include('a gave up');
  });

  it('abandons a run that does not listen, names it, and exits with 4', async () => {
    program = start('a=run:deaf');
    await program.line('a works');
    program.kill('SIGTERM');
    expect((await program.ended).code, program.output()).to.equal(4);
    expect(stopReport(program).workers[0])
      .to.include({ result: 'abandoned' })
      .with.property('open')
      .that.matches(/^run /);
  });

  it('aborts at once on the second signal', async () => {
    program = start('a=run:long', { args: ['--set', 'plba.workers.a.stop.drain=20s'] });
    await program.line('a works');
    program.kill('SIGTERM');
    await program.line('stopping: SIGTERM');
    program.kill('SIGTERM');
    expect((await program.ended).code, program.output()).to.equal(0);
    expect(stopReport(program).workers[0]).to.include({ result: 'aborted' });
  });

  it('ends at once on the third signal, with exit code 4', async () => {
    program = start('a=run:deaf', {
      args: ['--set', 'plba.workers.a.stop.abort=20s', '--set', 'plba.workers.a.stop.drain=20s'],
    });
    await program.line('a works');
    program.kill('SIGTERM');
    await program.line('stopping: SIGTERM');
    program.kill('SIGTERM');
    await program.line('a told to stop now');
    program.kill('SIGTERM');
    expect((await program.ended).code).to.equal(4);
  });

  it('stops cleanly on a signal that comes while it starts', async () => {
    program = start('a=ok;b=start:hang;c=ok', { needs: 'c:b' });
    await program.line('a started');
    program.kill('SIGTERM');
    expect((await program.ended).code, program.output()).to.equal(4);
    expect(stopReport(program).workers.find(({ worker }) => worker === 'b')).to.include({ result: 'abandoned' });
    expect(stopOrder(program)).to.deep.equal(['a']);
  });

  it('does not die of SIGHUP', async () => {
    program = start('a=ok');
    await program.line('a started');
    program.kill('SIGHUP');
    await program.line('SIGHUP');
    program.kill('SIGTERM');
    expect((await program.ended).code).to.equal(0);
  });

  it('names host and port when the port of the control plane is in use, and exits with 1', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => squatter.once('listening', resolve));
    const { port } = squatter.address() as AddressInfo;
    program = start('a=ok', { env: { PLBA__CONTROL__PORT: String(port) } });
    expect((await program.ended).code, program.output()).to.equal(1);
    squatter.close();
    expect(program.stderr.join('\n'))
      .to.include(`127.0.0.1`)
      .and.include(String(port))
      .and.include('plba.control.port');
  });

  it('answers probes with 503 while it starts, 200 when it runs, never a refused connection', async () => {
    program = start('a=start:hang', { args: ['--set', 'plba.workers.a.stop.drain=100ms'] });
    const url = await program.controlUrl();
    expect((await fetch(`${url}/health/ready`)).status).to.equal(503);
    expect((await fetch(`${url}/health/startup`)).status).to.equal(503);
    expect((await fetch(`${url}/health/live`)).status).to.equal(200);
    program.kill('SIGTERM');
    await program.ended;
  });

  it('keeps liveness and loses readiness while it drains', async () => {
    program = start('a=run:deaf', { args: ['--set', 'plba.workers.a.stop.drain=20s'] });
    const url = await program.controlUrl();
    await program.line('a works');
    program.kill('SIGTERM');
    await program.line('a told to stop');
    expect((await fetch(`${url}/health/live`)).status).to.equal(200);
    expect((await fetch(`${url}/health/ready`)).status).to.equal(503);
  });
});
