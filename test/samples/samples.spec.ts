import { expect } from 'chai';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Program } from '../support/child-process.js';

/** One way to run a sample, and what a person sees. */
interface Way {
  readonly rule: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** In this order, each somewhere in a line of standard output, or of standard error after it. A log line begins with its message. */
  readonly says: readonly (string | RegExp)[];
  readonly never?: RegExp;
  readonly exitCode: number;
}

/** What each sample that ends by itself does when it is run as its first lines say. */
const samples: Readonly<Record<string, readonly Way[]>> = {
  '01-hello-worker': [
    {
      rule: 'greets five times and ends',
      says: [...Array<string>(5).fill('hello, this is run'), '"hello" has completed', 'stopped: all workers completed'],
      exitCode: 0,
    },
  ],
  '02-routine': [
    {
      rule: 'is blocked by a partner who is closed, then imports what it can, and ends with nothing left',
      says: ['run blocked: the partner opens at eight', 'run partial: lines without a price', 'all workers completed'],
      exitCode: 0,
    },
  ],
  '03-schedule': [
    {
      rule: 'prepares once, then polls, syncs and reports, and ends after three seconds',
      says: ['prepare runs: once', '"prepare" has completed', 'poll runs: continuously', 'all workers completed'],
      exitCode: 0,
    },
    { rule: 'syncs by every', says: [/sync runs: every, planned for \d/, 'all workers completed'], exitCode: 0 },
    {
      rule: 'reports by cron, on an even second',
      says: [/report runs: cron, planned for \S+[02468]\.000Z/, 'all workers completed'],
      exitCode: 0,
    },
  ],
  '05-configuration': [
    {
      rule: 'shows what its file says, without the key',
      says: [/^would call http:\/\/localhost:4000\/invoices\?key=\*{6} .*"batchSize":20,/],
      never: /not-a-real-key/,
      exitCode: 0,
    },
    { rule: 'takes a profile over the file', env: { PLBA_PROFILE: 'test' }, says: ['"batchSize":2,'], exitCode: 0 },
    {
      rule: 'takes a variable over the profile',
      env: { PLBA_PROFILE: 'test', LEDGER__BATCH_SIZE: '7' },
      says: ['"batchSize":7,'],
      exitCode: 0,
    },
    {
      rule: 'takes an argument over the variable',
      env: { LEDGER__BATCH_SIZE: '7' },
      args: ['--set', 'ledger.batchSize=9'],
      says: ['"batchSize":9,'],
      exitCode: 0,
    },
    {
      rule: 'does not start with a mistake, and names it',
      env: { LEDGER__URL: 'here', LEDGER__BATCHSIZE: 'many' },
      says: [/LEDGER__BATCHSIZE: is unknown[^]*did you mean LEDGER__BATCH_SIZE\?[^]*CONFIG_INVALID/],
      never: /would call|not-a-real-key/,
      exitCode: 2,
    },
    {
      rule: 'takes its key from a mounted file, and shows it as little',
      env: { LEDGER__API_KEY_FILE: join('samples', '05-configuration', 'config', 'application.test.yaml') },
      says: [/^would call http:\/\/localhost:4000\/invoices\?key=\*{6} /],
      never: /batchSize%3A/,
      exitCode: 0,
    },
  ],
  '06-own-worker': [
    {
      rule: 'receives three messages, one run each, and ends',
      says: ['received order 1', 'received order 2', 'received order 3', '"subscriber" has completed'],
      exitCode: 0,
    },
  ],
  '07-queue': [
    {
      rule: 'prices what has a price, names what has none, and ends',
      says: ['part 7 has no price', 'part 23 has no price', '28 of 30 parts have a price', 'run partial'],
      exitCode: 0,
    },
  ],
  '09-telemetry': [
    {
      rule: 'follows a failed run from its log line to the ledger, its trace, a collector and the metrics, and ends',
      says: [
        'log: run failed: invoice 3 is posted already',
        'ledger: run failed, invoice 3 is posted already',
        'trace: of the same run',
        'invoice-sync run (',
        'fetch invoices (',
        /post to the ledger \(.* ms\): invoice 3 is posted already/,
        'plba_runs_total{plba_worker="invoice-sync",plba_outcome="failed"} 1',
        'collector: post to the ledger',
        'collector: invoice-sync run',
      ],
      exitCode: 0,
    },
  ],
  '08-testing': [{ rule: 'passes its spec', says: ['does not write on a weekend', '3 passing'], exitCode: 0 }],
};

/** Those that run on, tested one by one below. */
const runningOn = ['04-health'];

const main = (folder: string): string => join('samples', folder, 'main.ts');

describe('the samples', function () {
  this.timeout(60_000); // each is a process that compiles first

  it('are all run here', () => {
    const folders = readdirSync('samples').filter((name) => /^\d\d-/.test(name));
    expect(folders).to.have.members([...Object.keys(samples), ...runningOn]);
  });

  for (const [folder, ways] of Object.entries(samples)) {
    // Ways with the same input are looked at in one process.
    const processes = new Map<string, Promise<Ended>>();
    for (const way of ways) {
      it(`${folder} ${way.rule}`, async () => {
        const input = JSON.stringify([way.args, way.env]);
        const ended = processes.get(input) ?? runToItsEnd(folder, way);
        processes.set(input, ended);
        const { code, lines } = await ended;
        expect(missing(lines, way.says), lines.join('\n')).to.equal(undefined);
        if (way.never !== undefined) expect(lines.join('\n')).not.to.match(way.never);
        expect(code, lines.join('\n')).to.equal(way.exitCode);
      });
    }
  }

  it('05-configuration follows its file when it is told to reload, and keeps what it has when the file is wrong', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plba-follow-'));
    try {
      cpSync(join('samples', '05-configuration', 'config'), join(folder, 'config'), { recursive: true });
      const file = join(folder, 'config', 'application.yaml');
      const text = readFileSync(file, 'utf8');
      await using program = new Program(main('05-configuration'), { env: { WATCH: 'true', LEDGER_FOLDER: folder } });
      await program.line('follows batchSize 20');
      writeFileSync(file, text.replace('batchSize: 20', 'batchSize: 30'));
      program.kill('SIGHUP');
      await program.line('batchSize is 30, was 20');
      writeFileSync(file, text.replace('batchSize: 20', 'batchSize: many'));
      program.kill('SIGHUP');
      await program.line('configuration stays as it is, a reload was refused: ledger.batchSize must be a whole number');
      writeFileSync(file, text);
      program.kill('SIGHUP');
      await program.line('batchSize is 20, was 30');
      program.kill('SIGINT');
      expect((await program.ended).code).to.equal(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  describe('04-health', () => {
    let folder: string;
    let program: Program;
    let url: string;

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'plba-health-'));
      program = new Program(main('04-health'), { env: { PARTNER_SWITCH: join(folder, 'away') } });
      url = await program.controlUrl();
    });
    after(async () => {
      await program[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
    });

    it('is ok while the partner is there', async () => {
      await healthIs(url, 200, { status: 'ok', workers: { orders: 'ok' }, contributors: { partner: 'ok' } });
    });

    it('degrades at once when the partner is switched off, then is unhealthy, and says why', async () => {
      writeFileSync(join(folder, 'away'), '');
      await program.line(/contributor \\"partner\\" is degraded, was ok: 1 of 3 bad answers in a row/);
      await program.line('contributor \\"partner\\" is unhealthy, was degraded');
      await program.line('run blocked: the partner is away');
      await program.line(/worker \\"orders\\" is degraded, was ok: 2 runs blocked.*the partner is away/);
      await healthIs(url, 503, {
        status: 'unhealthy',
        workers: { orders: 'degraded' },
        contributors: { partner: 'unhealthy' },
      });
      expect((await fetch(`${url}/health/live`)).status).to.equal(200);
    });

    it('recovers by itself when he is switched on', async () => {
      rmSync(join(folder, 'away'));
      await program.line('contributor \\"partner\\" is ok, was unhealthy');
      await program.line('worker \\"orders\\" is ok, was degraded');
      await healthIs(url, 200, { status: 'ok', workers: { orders: 'ok' }, contributors: { partner: 'ok' } });
    });

    it('ends on Ctrl-C', async () => {
      program.kill('SIGINT');
      await program.line('stopped: SIGINT (exit code 0');
      expect(await program.ended).to.deep.equal({ code: 0, signal: null });
    });
  });
});

interface Ended {
  readonly code: number | null;
  readonly lines: readonly string[];
}

async function runToItsEnd(folder: string, { args = [], env = {} }: Way): Promise<Ended> {
  await using program = new Program(main(folder), { args, env });
  const { code } = await program.ended;
  return { code, lines: [...program.stdout, ...program.stderr].map(readable) };
}

/** A log line with its message in front, as it reads without the escapes of JSON. */
function readable(line: string): string {
  if (!line.startsWith('{')) return line;
  return `${(JSON.parse(line) as { msg: string }).msg} ${line}`;
}

/** The first of `says` that no line after those of its predecessors has. */
function missing(lines: readonly string[], says: readonly (string | RegExp)[]): string | RegExp | undefined {
  let from = 0;
  return says.find((said) => {
    const at = lines.findIndex(
      (line, index) => index >= from && (said instanceof RegExp ? said.test(line) : line.includes(said)),
    );
    from = at + 1;
    return at < 0;
  });
}

interface Words {
  readonly status: string;
  readonly workers: Readonly<Record<string, string>>;
  readonly contributors: Readonly<Record<string, string>>;
}

/** What a probe gets, reduced to its words. */
async function healthIs(url: string, status: number, words: Words): Promise<void> {
  const response = await fetch(`${url}/health`);
  const body = (await response.json()) as {
    status: string;
    workers: Record<string, { status: string }>;
    contributors: Record<string, { status: string }>;
  };
  const wordsOf = (members: Record<string, { status: string }>): Record<string, string> =>
    Object.fromEntries(Object.entries(members).map(([name, member]) => [name, member.status]));
  expect({
    status: body.status,
    workers: wordsOf(body.workers),
    contributors: wordsOf(body.contributors),
  }).to.deep.equal(words);
  expect(response.status).to.equal(status);
}
