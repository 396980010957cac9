import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const folder = join('samples', '08-testing', 'runners');
const mocha = join('node_modules', 'mocha', 'bin', 'mocha.js');
const vitest = join('node_modules', 'vitest', 'vitest.mjs');

/** How each runner is called, without the path of Node.js. */
const runners: Readonly<Record<string, readonly string[]>> = {
  mocha: [mocha, join(folder, 'mocha.spec.ts')],
  'node:test': ['-r', 'ts-node/register', '--test', '--test-reporter=spec', join(folder, 'node-test.ts')],
  vitest: [vitest, 'run', '--reporter=verbose', '--config', join(folder, 'vitest.config.mts')],
};

describe('the test kit', function () {
  this.timeout(180_000); // each runner is a process that compiles what it runs

  for (const [runner, args] of Object.entries(runners)) {
    it(`runs the same tests in ${runner}`, async () => {
      const { code, output } = await runToItsEnd(args);
      expect(code, output).to.equal(0);
      expect(output).to.include('writes on Monday at eight in Berlin');
      expect(output).to.include('is degraded while the mail server is away');
      // mocha says "2 passing", node:test "pass 2", vitest "Tests  2 passed (2)".
      expect(output).to.match(/\b2 pass(ing|ed)\b|\bpass 2\b/);
    });
  }
});

/** Runs Node.js with these arguments, and gives its exit code and all it has written. */
function runToItsEnd(args: readonly string[]): Promise<{ code: number | null; output: string }> {
  // node:test must not believe that it runs inside of another run of node:test.
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined, NO_COLOR: '1', FORCE_COLOR: undefined };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code) => {
      resolve({ code, output });
    });
  });
}
