import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { expect } from 'chai';

const root = resolve(__dirname, '../..');

/** Runs a script in a process in which nothing has loaded the OpenTelemetry API yet. */
function run(script: string): unknown {
  const head = `
    const { prepareTracing } = require('${join(root, 'src/tracing/open-telemetry.ts')}');
    const { startRunSpan } = require('${join(root, 'src/tracing/run-span.ts')}');
    const registerSdk = () => require('${join(root, 'test/unit/tracing/sdk.ts')}').registerSdk();
    const run = { worker: 'w', trigger: 'once', attempt: 1, runId: '1' };
    const apiIsLoaded = () => Object.keys(require.cache).some((file) => file.includes('@opentelemetry/api'));
    const turn = () => new Promise((resolve) => setTimeout(resolve, 50));
    const answer = (value) => process.stdout.write(JSON.stringify(value));`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['-r', 'ts-node/register/transpile-only', '-e', `${head} (async () => { ${script} })();`],
    { cwd: root, encoding: 'utf8' },
  );
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout);
}

describe('the OpenTelemetry API', () => {
  it('is not loaded as long as no SDK is registered', () => {
    const seen = run(
      `await prepareTracing(); const span = startRunSpan(run); await turn(); answer([span === undefined, apiIsLoaded()]);`,
    );
    expect(seen).to.deep.equal([true, false]);
  }).timeout(20_000);

  it('is there for the first run when the SDK was registered before the start', () => {
    const seen = run(`registerSdk(); await prepareTracing(); answer(startRunSpan(run).traceId);`);
    expect(seen).to.match(/^[0-9a-f]{32}$/);
  }).timeout(20_000);

  it('is loaded on the way when the SDK comes after the start', () => {
    const seen = run(`await prepareTracing(); registerSdk(); const first = startRunSpan(run); await turn();
      answer([first === undefined, startRunSpan(run) !== undefined]);`);
    expect(seen).to.deep.equal([true, true]);
  }).timeout(20_000);
});
