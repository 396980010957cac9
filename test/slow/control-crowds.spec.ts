import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { controlLimits } from '../../src/control/control-settings.js';
import { ask } from '../fakes/control-client.js';
import { bearer } from '../fakes/control-stage.js';
import { Program } from '../support/child-process.js';
import { CompiledFixture } from '../support/compiled-fixture.js';

const token = 'sesame';
/** Probes of a crowd, one after the other, over so long that each deadline of the control plane has passed. */
const rounds = 5;
const probesOfARound = 140;
const everyMs = 20;
const longestOpenMs = 2 * controlLimits.requestTimeoutMs;

// What a machine with other things to do takes longer for says nothing about the control plane: so it is the median of several rounds, and
// where a bare server cannot be quick either, the bound is wide. The figures come from npm run bench -- --only crowds.
describe('the control plane in a crowd of clients that take their time', function () {
  this.timeout(90_000);
  let fixture: CompiledFixture;
  let application: Program;
  let port: number;
  let bare: Program;
  let barePort: number;

  before(async () => {
    fixture = new CompiledFixture('test/slow/fixtures/crowded.ts');
    bare = new Program('test/slow/fixtures/bare-server.mjs');
    barePort = Number((await bare.line('port')).split(' ')[1]);
  });

  after(async () => {
    fixture[Symbol.dispose]();
    await bare[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    application = new Program(fixture.file, { env: { PLBA__CONTROL__TOKEN: token, PLBA__CONTROL__SOCKET: 'false' } });
    port = Number(new URL(await application.controlUrl()).port);
    // So that the routes are loaded.
    await memoryBytes();
  });

  afterEach(() => application[Symbol.asyncDispose]());

  for (const [kind, count] of [
    ['slow headers', 1_000],
    ['slow body', 1_000],
    ['slow read', 1_000],
    ['idle', 10_000],
  ] as const)
    it(`answers every probe, and operators, and takes up little memory for ${count} connections of the kind "${kind}"`, async () => {
      const earlierBytes = await memoryBytes();
      await using crowd = new Program('bench/lib/crowd.mjs', { args: [kind, String(port), String(count), token] });
      await crowd.line('ready');
      // What comes with so many at once is over then.
      await ask(port, { path: '/health/live' });
      const p99s: number[] = [];
      const bareP99s: number[] = [];
      let mostBytes = 0;
      for (let round = 0; round < rounds; round++) {
        const tookMs: number[] = [];
        const bareTookMs: number[] = [];
        while (tookMs.length < probesOfARound) {
          await pause(everyMs);
          tookMs.push(await msUntilAnswered(port));
          bareTookMs.push(await msUntilAnswered(barePort));
          if (tookMs.length % 35 === 0) mostBytes = Math.max(mostBytes, await memoryBytes());
        }
        p99s.push(p99(tookMs));
        bareP99s.push(p99(bareTookMs));
      }
      const grownMiB = (mostBytes - earlierBytes) / 2 ** 20;
      crowd.kill('SIGTERM');
      const { longestMs } = JSON.parse(await crowd.line('longestMs')) as { longestMs: number };
      const figures = `p99 of liveness in ms: ${p99s.join(', ')}; of a bare server: ${bareP99s.join(', ')}`;
      expect(median(p99s), figures).to.be.below(median(bareP99s) < 10 ? 100 : 1_000);
      // A third of that are answers on their way; the rest is what the connections themselves take, and what is not collected yet.
      expect(grownMiB, 'MiB').to.be.below(128);
      // Who does not read does not see the end of its connection either.
      if (kind !== 'slow read') expect(longestMs, 'ms that the longest connection was open').to.be.below(longestOpenMs);
      expect(application.output()).not.to.contain('"level":"error"');
    });

  async function memoryBytes(): Promise<number> {
    const { json } = await ask(port, { path: '/status', headers: bearer(token) });
    return (json['process'] as { rssBytes: number }).rssBytes;
  }
});

async function msUntilAnswered(port: number): Promise<number> {
  const askedMs = performance.now();
  expect((await ask(port, { path: '/health/live' })).status).to.equal(200);
  return performance.now() - askedMs;
}

function p99(figures: readonly number[]): number {
  return sorted(figures)[Math.floor(figures.length * 0.99)] ?? Infinity;
}

function median(figures: readonly number[]): number {
  return sorted(figures)[Math.floor(figures.length / 2)] ?? Infinity;
}

function sorted(figures: readonly number[]): readonly number[] {
  return [...figures].sort((a, b) => a - b);
}
