import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { controlLimits } from '../../src/control/control-settings.js';
import { ask } from '../fakes/control-client.js';
import { bearer } from '../fakes/control-stage.js';
import { Program } from '../support/child-process.js';
import { CompiledFixture } from '../support/compiled-fixture.js';

const token = 'sesame';
/** Probes of a crowd, one after the other, over so long that each deadline of the control plane has passed. */
const probes = 700;
const everyMs = 20;
const longestOpenMs = 2 * controlLimits.requestTimeoutMs;

// What a machine with other things to do takes longer for says nothing about the control plane: the bounds are wide. The
// figures come from npm run bench -- --only crowds.
describe('the control plane in a crowd of clients that take their time', function () {
  this.timeout(90_000);
  let fixture: CompiledFixture;
  let application: Program;
  let port: number;

  before(() => {
    fixture = new CompiledFixture('test/slow/fixtures/crowded.ts');
  });

  after(() => {
    fixture[Symbol.dispose]();
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
      const tookMs: number[] = [];
      for (let asked = 0; asked < probes; asked++) {
        await pause(everyMs);
        const askedMs = performance.now();
        expect((await ask(port, { path: '/health/live' })).status).to.equal(200);
        tookMs.push(performance.now() - askedMs);
      }
      const grownMiB = ((await memoryBytes()) - earlierBytes) / 2 ** 20;
      crowd.kill('SIGTERM');
      const { longestMs } = JSON.parse(await crowd.line('longestMs')) as { longestMs: number };
      expect(tookMs.sort((a, b) => a - b)[Math.floor(probes * 0.99)], 'p99 of liveness in ms').to.be.below(500);
      // As many connections as are kept, each with an answer that is on its way, and some more.
      expect(grownMiB, 'MiB').to.be.below(400);
      expect(longestMs, 'ms that the longest connection was open').to.be.below(longestOpenMs);
      expect(application.output()).not.to.contain('"level":"error"');
    });

  async function memoryBytes(): Promise<number> {
    const { json } = await ask(port, { path: '/status', headers: bearer(token) });
    return (json['process'] as { rssBytes: number }).rssBytes;
  }
});
