import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';

// In a process of its own: in this one, other specs have loaded Koa.
const script = `
  const { startControl } = require('./test/fakes/control-stage.ts');
  const { ask } = require('./test/fakes/control-client.ts');
  const hasKoa = () => Object.keys(require.cache).some((path) => path.includes('/node_modules/koa/'));
  void (async () => {
    const { port, plane } = await startControl();
    const seen = [hasKoa()];
    for (const path of ['/health', '/health/live', '/status']) {
      await ask(port, { path });
      seen.push(hasKoa());
    }
    console.log(JSON.stringify(seen));
    await plane.stop();
  })();
`;

describe('the way to ready', function () {
  this.timeout(20_000);

  it('loads Koa for the first request that is no probe, and the process ends by itself after the stop', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['-r', 'ts-node/register', '-e', script]);
    expect(JSON.parse(stdout)).to.deep.equal([false, false, false, true]);
  });
});
