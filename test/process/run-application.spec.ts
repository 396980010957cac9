import { expect } from 'chai';
import { createServer, type AddressInfo } from 'node:net';
import { Program, type ProgramOptions } from '../support/child-process.js';

const fixture = 'test/process/fixtures/scripted.ts';

function start(script: string, options: ProgramOptions & { needs?: string } = {}): Program {
  return new Program(fixture, { ...options, env: { SCRIPT: script, NEEDS: options.needs, ...options.env } });
}

describe('an application as a process', function () {
  this.timeout(30_000);
  let program: Program;

  afterEach(() => program[Symbol.asyncDispose]());

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
