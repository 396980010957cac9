import { expect } from 'chai';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ask } from '../fakes/control-client.js';
import { Program } from '../support/child-process.js';
import { describeProbeThread } from '../support/described-answers.js';

const phases = join('test', 'process', 'fixtures', 'phases.ts');
const groups = ['live', 'ready', 'startup'] as const;
/** How often each group is asked while the application starts, runs, and stops. */
const probesPerPhase = 20;
type Group = (typeof groups)[number];

/** A probe and what came of it: a status, or nothing when nobody listened. Times are those of the machine. */
interface Probe {
  readonly askedMs: number;
  readonly answeredMs: number;
  readonly status: number | 'nobody';
}

function isNobodyThere(error: unknown): boolean {
  return ['ECONNREFUSED', 'ECONNRESET'].includes(String((error as NodeJS.ErrnoException).code));
}

/** Asks a group every few milliseconds, from now until nobody answers any more. */
async function poll(port: number, group: Group, probes: Probe[]): Promise<void> {
  for (;;) {
    const askedMs = Date.now();
    const status = await ask(port, { path: `/health/${group}` }).then(
      (reply) => reply.status,
      (error: unknown) => {
        if (!isNobodyThere(error)) throw error;
        return 'nobody' as const;
      },
    );
    probes.push({ askedMs, answeredMs: Date.now(), status });
    if (status === 'nobody') return;
    await wait(4);
  }
}

/** What was answered, each change once. */
function changesOf(probes: readonly Probe[]): Probe['status'][] {
  return probes.map(({ status }) => status).filter((status, index, all) => status !== all[index - 1]);
}

/** When the application was in a state, as it has told itself. */
async function reached(program: Program, state: string): Promise<number> {
  return Number((await program.line(`is ${state} at `)).split(' at ')[1]);
}

describe('probes through the life of an application', function () {
  this.timeout(120_000);

  const places = [
    { where: 'the control plane', env: {}, line: 'control plane listens on http' },
    { where: 'an address of their own', env: { PLBA__CONTROL__PROBES: '0' }, line: 'probes are answered on' },
    { where: 'a thread', env: { PLBA__CONTROL__PROBES: 'thread' }, line: 'probes are answered by a thread on' },
  ];

  for (const { where, env, line } of places) {
    it(`are answered by ${where}: live always, ready while it runs, startup from then on`, async () => {
      await using program = new Program(phases, { env });
      const port = Number(/:(\d+)"/.exec(await program.line(line))?.[1]);
      if (where === 'a thread') describeProbeThread(port);
      const probes: Record<Group, Probe[]> = { live: [], ready: [], startup: [] };
      const polled = Promise.all(groups.map((group) => poll(port, group, probes[group])));
      const isLeft = polled.then(() => {
        throw new Error('nobody answers any more');
      });
      isLeft.catch(() => undefined); // it is awaited only while there is somebody to ask

      // A phase is over when each group was asked often enough in it: no matter how fast the machine is.
      const askedSince = async (sinceMs: number): Promise<void> => {
        const isMissing = (group: Group): boolean =>
          probes[group].filter(({ askedMs }) => askedMs > sinceMs).length < probesPerPhase;
        while (groups.some(isMissing)) await Promise.race([wait(4), isLeft]);
      };
      await program.line('waits');
      await askedSince(Date.now());
      program.kill('SIGUSR2');
      const runningMs = await reached(program, 'running');
      await askedSince(runningMs);
      const orderedMs = Date.now();
      program.kill('SIGTERM');
      const stoppingMs = await reached(program, 'stopping');
      await askedSince(stoppingMs);
      program.kill('SIGUSR2');
      expect(await program.ended).to.deep.equal({ code: 0, signal: null });
      await polled;

      expect(changesOf(probes.live), 'live').to.deep.equal([200, 'nobody']);
      expect(changesOf(probes.ready), 'ready').to.deep.equal([503, 200, 503, 'nobody']);
      expect(changesOf(probes.startup), 'startup').to.deep.equal([503, 200, 'nobody']);
      const running = probes.ready.filter(({ askedMs, answeredMs }) => askedMs > runningMs && answeredMs < orderedMs);
      expect(
        running.every(({ status }) => status === 200),
        'ready as soon as it runs',
      ).to.equal(true);
      const stopping = probes.ready.filter(({ askedMs, status }) => askedMs > stoppingMs && status !== 'nobody');
      expect(
        stopping.every(({ status }) => status === 503),
        'not ready as soon as it stops',
      ).to.equal(true);
    });
  }
});
