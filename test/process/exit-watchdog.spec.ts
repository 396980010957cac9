import { expect } from 'chai';
import { Program } from '../support/child-process.js';

const fixture = 'test/process/fixtures/leaving.ts';

describe('the exit watchdog', function () {
  this.timeout(20_000);

  it('leaves a process alone that is on its way out when its time is up', async () => {
    await using program = new Program(fixture, { env: { LEAVING_MS: '700' } });
    expect(await program.ended, program.output()).to.deep.equal({ code: 0, signal: null });
    expect(program.stderr).to.deep.equal([]);
  });

  it('ends one that is on its way out for a second and still there', async () => {
    await using program = new Program(fixture);
    expect(await program.ended, program.output()).to.deep.equal({ code: 4, signal: null });
    const leftMs = Number(/\d+/.exec(await program.line('leaves at'))?.[0]);
    expect(Date.now() - leftMs).to.be.at.least(1_000);
    expect(program.stderr).to.deep.equal(['ended while it left: blocked']);
  });
});
