import { execFile } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import stringWidth from 'string-width';
import { exitCodes } from '../../src/cli/command-failure.js';
import { describeCommands, runCommandLine } from '../../src/cli/command-line.js';
import { refuseForeignSocket } from '../../src/cli/foreign-socket.js';
import { PlbaError } from '../../src/errors.js';
import { type ControlStage, startControl } from '../fakes/control-stage.js';
import { workerReport } from '../fakes/fake-operator-view.js';

interface Typed {
  readonly code: number;
  readonly out: string;
  readonly errors: string;
}

describe('the command line', () => {
  const runtime = mkdtempSync(join(tmpdir(), 'plba-cli-'));
  const folder = join(runtime, 'plba');
  let stage: ControlStage;

  before(() => {
    mkdirSync(folder, { mode: 0o700 });
  });

  after(() => {
    rmSync(runtime, { recursive: true });
  });

  beforeEach(async () => {
    stage = await startControl({ token: 'sesame', socketPaths: [join(folder, 'invoices.sock')] });
  });

  afterEach(() => stage.plane.stop());

  interface Typing {
    readonly env?: Record<string, string>;
    readonly columns?: number;
    readonly rows?: number;
    /** What is pressed is Ctrl-C, once this is there. */
    readonly until?: RegExp;
  }

  async function type(line: string, { env = {}, columns, rows, until }: Typing = {}): Promise<Typed> {
    const end = new AbortController();
    let out = '';
    let errors = '';
    const code = await runCommandLine(line.split(' '), {
      env: { XDG_RUNTIME_DIR: runtime, ...env },
      columns,
      rows,
      write: (text) => {
        out += text;
        if (until?.test(out) === true) end.abort();
      },
      writeError: (text) => void (errors += text),
      end: end.signal,
    });
    return { code, out, errors };
  }

  describe('finds the application', () => {
    it('that runs, by its socket, when it is the only one', async () => {
      const { code, out } = await type('status');
      expect(code).to.equal(0);
      expect(out).to.contain('invoices is running').and.contain('2 running');
    });

    it('by its name, where several run', async () => {
      const other = await startControl({ socketPaths: [join(folder, 'reports.sock')] });
      const several = await type('status');
      expect(several.code).to.equal(exitCodes.unreachable);
      expect(several.errors).to.contain('invoices, reports').and.contain('--app');
      expect((await type('status --app invoices')).code).to.equal(0);
      expect((await type('--app invoice status')).errors)
        .to.contain('no application "invoice"')
        .and.contain('invoices');
      await other.plane.stop();
    });

    it('by its address and token', async () => {
      const url = `http://127.0.0.1:${stage.port}`;
      const env = { PLBA_TOKEN: 'sesame' };
      expect((await type(`--url ${url} status`, { env })).code).to.equal(0);
      expect((await type('status', { env: { ...env, PLBA_URL: url } })).code).to.equal(0);
      const wrong = await type(`--url ${url} status`, { env: { PLBA_TOKEN: 'wrong' } });
      expect(wrong.code).to.equal(exitCodes.refused);
      expect(wrong.errors).to.contain('CONTROL_UNAUTHORIZED').and.not.contain('wrong"');
      expect((await type(`--url ${url} status`)).errors)
        .to.contain('send plba.control.token')
        .and.contain('PLBA_TOKEN');
    });

    it('by its address with TLS, and says what to do about a certificate that nobody vouches for', async () => {
      const tls = { key: 'test/fakes/tls/key.pem', certificate: 'test/fakes/tls/certificate.pem' };
      const other = await startControl({ token: 'sesame', tls });
      const url = `https://localhost:${other.port}`;
      const unknown = await type(`--url ${url} status`, { env: { PLBA_TOKEN: 'sesame' } });
      await other.plane.stop();
      expect(unknown.code).to.equal(exitCodes.unreachable);
      expect(unknown.errors).to.contain('DEPTH_ZERO_SELF_SIGNED_CERT').and.contain('NODE_EXTRA_CA_CERTS');
    });

    it('in no folder that others can write into, and by no file that is no socket', async function () {
      if (process.platform === 'win32') this.skip();
      writeFileSync(join(folder, 'other.sock'), '');
      expect((await type('status')).code).to.equal(0);
      chmodSync(folder, 0o777);
      const foreign = await type('status');
      chmodSync(folder, 0o700);
      expect(foreign.code).to.equal(exitCodes.unreachable);
      expect(foreign.errors).to.contain(folder).and.contain('cannot be trusted').and.contain('--socket');
    });

    it('by a socket that is named, unless another user could have put it there', async function () {
      if (process.platform === 'win32') this.skip();
      const path = join(folder, 'invoices.sock');
      const user = userInfo().uid;
      expect(await type(`--socket ${path} status`)).to.include({ code: 0, errors: '' });
      expect(() => refuseForeignSocket(path, user + 1)).to.throw(`${path} is of the user with the id ${user}`);
      const shared = join(runtime, 'shared');
      mkdirSync(shared);
      symlinkSync(path, join(shared, 'invoices.sock'));
      expect((await type(`--socket ${join(shared, 'invoices.sock')} status`)).code).to.equal(0);
      for (const [mode, code] of [
        [0o777, exitCodes.unreachable],
        [0o1777, exitCodes.ok],
      ] as const) {
        chmodSync(shared, mode);
        const typed = await type(`--socket ${join(shared, 'invoices.sock')} status`);
        expect(typed.code, typed.errors).to.equal(code);
        if (code !== 0) expect(typed.errors).to.contain('cannot be trusted').and.contain('--url');
      }
      writeFileSync(join(folder, 'no.sock'), '');
      expect((await type(`--socket ${join(folder, 'no.sock')} status`)).errors).to.contain('is no socket');
      expect((await type(`--socket ${join(folder, 'nothing.sock')} status`)).errors).to.contain('ENOENT');
    });

    it('tells root whose socket it is, where it is that of another user', async function () {
      if (process.platform === 'win32' || userInfo().uid !== 0) this.skip();
      const path = join(folder, 'invoices.sock');
      chownSync(path, 65_534, 65_534);
      const { code, errors } = await type(`--socket ${path} status`);
      expect([code, errors]).to.deep.equal([0, `plba: ${path} is of the user with the id 65534\n`]);
    });

    it('and shows its token to no socket', async () => {
      const heard: (string | undefined)[] = [];
      const listener = createServer((request, response) => {
        heard.push(request.headers.authorization);
        response.end('{}');
      });
      const path = join(folder, 'curious.sock');
      listener.listen({ path });
      await once(listener, 'listening');
      await type(`--socket ${path} workers --json`, { env: { PLBA_TOKEN: 'sesame' } });
      await new Promise((resolve) => listener.close(resolve));
      expect(heard).to.deep.equal([undefined]);
    });

    it('or says why not', async () => {
      const none = await type('status', { env: { XDG_RUNTIME_DIR: join(runtime, 'nowhere') } });
      expect([none.code, none.errors]).to.satisfy(
        ([code, text]: [number, string]) => code === 4 && text.includes('--url'),
      );
      expect((await type('--url http://127.0.0.1:1 status')).errors).to.contain('ECONNREFUSED');
      expect((await type('--url nonsense status')).code).to.equal(exitCodes.usage);
      expect((await type('--url file:///etc/passwd status')).code).to.equal(exitCodes.usage);
    });
  });

  describe('looks', () => {
    it('at health, and exits with how it is', async () => {
      for (const [status, code] of Object.entries({ ok: 0, degraded: 1, unhealthy: 2 })) {
        stage.view.changeHealth(status as 'ok');
        const typed = await type('health ready');
        expect(typed.code, status).to.equal(code);
        expect(typed.out.split('\n')[0]).to.equal(status);
      }
      expect((await type('health')).out).to.match(/^ledger +unhealthy +ledger says no$/m);
      expect(await type('health nope')).to.include({ code: exitCodes.refused });
    });

    it('at workers in a table that can be cut into fields', async () => {
      const { out } = await type('workers');
      const lines = out.trimEnd().split('\n');
      expect(lines[0]).to.match(/^WORKER +STATE +HEALTH +LAST RUN +NEXT \(UTC\) +RESTARTS +REASON$/);
      expect(lines[1]).to.match(/^invoice-sync +running +ok +worked 12ms +08:00:00 +0 +-$/);
      expect(lines).to.have.length(3);
    });

    it('at as much as fits on the terminal', async () => {
      stage.view.reports[0] = { ...workerReport('invoice-sync'), error: { name: 'Error', message: 'x'.repeat(300) } };
      for (const columns of [40, 80, 200]) {
        const { out } = await type('workers', { columns });
        const widths = out
          .trimEnd()
          .split('\n')
          .map((line) => line.length);
        expect(Math.max(...widths)).to.equal(columns);
      }
      expect((await type('workers')).out).to.contain('x'.repeat(300));
    });

    it('at as much as fits where a character takes two places', async () => {
      stage.view.reports[0] = { ...workerReport('invoice-sync'), error: { name: 'Error', message: '発票'.repeat(80) } };
      for (const columns of [80, 81]) {
        const { out } = await type('workers', { columns });
        const widths = out
          .trimEnd()
          .split('\n')
          .map((line) => stringWidth(line));
        expect(Math.max(...widths)).to.be.within(columns - 1, columns);
      }
    });

    it('at text that cannot steer the terminal', async () => {
      const message = 'red \u001b[31m and a bell \u0007 and\na line, \u202eand backwards\u2028\u2066';
      stage.view.reports[0] = { ...workerReport('invoice-sync'), error: { name: 'Error', message } };
      const { out } = await type('workers');
      // eslint-disable-next-line no-control-regex -- control characters are what must not come through
      expect(out).not.to.match(/[\u0000-\u0009\u000b-\u001f\u202e\u2028\u2066]/);
      expect(out.trimEnd().split('\n')).to.have.length(3);
    });

    it('at a worker in full, and at events, as text that cannot steer the terminal and means the same', async () => {
      const message = 'red \u001b[31m, by one character \u009b31m, \u202eand backwards';
      stage.view.reports[0] = { ...workerReport('invoice-sync'), error: { name: 'Error', message } };
      for (const command of ['worker invoice-sync', 'worker invoice-sync --json', 'workers --json']) {
        const { out } = await type(command);
        // eslint-disable-next-line no-control-regex -- control characters are what must not come through
        expect(out, command).not.to.match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
        expect(JSON.stringify(JSON.parse(out)), command).to.contain(JSON.stringify(message).slice(1, -1));
      }
    });

    it('at the configuration with its sources, all of it or what somebody has configured', async () => {
      stage.view.configuration = () => ({
        since: new Date(0),
        values: [
          { path: 'invoices.batchSize', value: 20, source: 'config/application.yaml:2', isDefault: false },
          { path: 'invoices.folder', value: 'inbox', source: 'default', isDefault: true },
        ],
        refused: { at: new Date(0), by: 'SIGHUP', reason: 'batchSize is many' },
      });
      const { out, errors } = await type('config');
      expect(out)
        .to.match(/^PATH +VALUE +SOURCE$/m)
        .and.match(/^invoices\.batchSize +20 +config\/application\.yaml:2$/m)
        .and.match(/^invoices\.folder +inbox +default$/m);
      expect(errors).to.contain('a reload by SIGHUP was refused').and.contain('batchSize is many');
      expect((await type('config --configured')).out)
        .to.contain('batchSize')
        .and.not.contain('folder');
    });

    it('at the runs of a ledger, and where some are missing', async () => {
      const [run] = stage.view.runs('report') ?? [];
      if (run === undefined) throw new Error('there is no run');
      stage.view.runs = () => [
        { ...run, runsDropped: 7 },
        { ...run, id: 'run-0', outcome: 'failed' },
      ];
      expect((await type('runs report', { columns: 60 })).out).to.match(/worked .*\n… 7 not kept\n.* failed /);
      // Those that ended like this are no neighbours anyway.
      expect((await type('runs report --outcome worked')).out).to.not.contain('not kept');
    });

    for (const [line, wanted] of [
      ['worker report', '"name": "report"'],
      ['runs report', 'run-1'],
      ['loggers', 'UNTIL'],
      ['--version', '0.'],
      ['audit', 'BEFORE AND AFTER'],
      ['top', 'invoices running, ok'],
    ] as const)
      it(`with ${line}`, async () => {
        const { code, out } = await type(line);
        expect(code, out).to.equal(0);
        expect(out).to.contain(wanted);
      });

    it('for scripts with --json, before or after the command', async () => {
      for (const line of ['workers --json', '--json workers'])
        expect((JSON.parse((await type(line)).out) as { name: string }[])[0]?.name).to.equal('invoice-sync');
      expect(JSON.parse((await type('health --json')).out)).to.have.property('status', 'ok');
    });

    it('at events until it is told to end', async () => {
      // When it listens cannot be seen from here, so that it is told until it has heard.
      const telling = setInterval(() => {
        const change = { worker: 'report', from: 'running', to: 'paused', why: 'order' } as const;
        stage.events.publish({ type: 'worker-state', ...change, pausedBy: 'ada \u009b31m' });
      }, 10);
      const { code, out } = await type('events', { until: /report.*\n/ });
      clearInterval(telling);
      expect(code).to.equal(0);
      expect(JSON.parse(out.split('\n')[0] ?? '')).to.include({ worker: 'report', pausedBy: 'ada \u009b31m' });
      expect(out).not.to.contain('\u009b');
    });

    it('at a screen that is drawn anew', async () => {
      const { out } = await type('top', { columns: 80, until: /(?:REASON[^]+){2}/ });
      expect(out.startsWith('\u001b[H\u001b[Jinvoices running')).to.be.true;
    });
  });

  it('shows on a screen that is too low for all workers the worst of them, and how many more there are', async () => {
    stage.view.reports.splice(
      0,
      Infinity,
      ...Array.from({ length: 30 }, (_, index) => ({
        ...workerReport(`worker-${index}`),
        health: { ...workerReport('any').health, status: index === 29 ? ('unhealthy' as const) : ('ok' as const) },
      })),
    );
    const { out } = await type('top', { columns: 60, rows: 10, until: /plba workers/ });
    const [screen = ''] = out.split('\u001b[H\u001b[J').slice(1);
    const lines = screen.split('\n');
    expect(lines).to.have.length.at.most(9);
    expect(Math.max(...lines.map((line) => line.length))).to.be.at.most(60);
    expect(lines[3]).to.match(/^worker-29 +running +unhealthy/);
    expect(lines.at(-1)).to.equal('and 25 more that are no worse: plba workers');
  });

  describe('steers', () => {
    it('a worker, with reason and force', async () => {
      for (const action of ['start', 'pause', 'resume', 'run'])
        expect((await type(`${action} report`)).code).to.equal(0);
      expect((await type('stop report --force --reason stuck')).out).to.match(/^report +running/m);
      expect((await type('restart report')).code).to.equal(0);
      const told = stage.view.orders.map(({ action, by }) => `${action} ${by.force}`);
      expect(told.slice(-2)).to.deep.equal(['stop true', 'restart false']);
      expect((await type('audit')).out)
        .to.contain('stop report')
        .and.contain('stuck')
        .and.contain('@socket');
    });

    it('and says on standard error which application that was', async () => {
      const socket = join(folder, 'invoices.sock');
      const url = `http://127.0.0.1:${stage.port}`;
      expect((await type(`--url ${url} resume report`, { env: { PLBA_TOKEN: 'sesame' } })).errors).to.equal(
        `plba: acting on invoices at ${url}\n`,
      );
      expect((await type('status')).errors).to.equal('');
      for (const line of ['pause report', 'reload', 'log-level default debug', 'shutdown --json'])
        expect((await type(line)).errors.split('\n')[0], line).to.equal(`plba: acting on invoices at ${socket}`);
    });

    it('the application to its end', async () => {
      expect((await type('shutdown --reason moving')).out).to.equal('it stops\n');
      expect(stage.view.shutdowns[0]?.reason).to.match(/@socket: moving$/);
    });

    it('and says why not', async () => {
      const unknown = await type('pause nobody');
      expect(unknown.code).to.equal(exitCodes.refused);
      expect(unknown.errors).to.contain('nobody').and.contain('WORKER_UNKNOWN');
      stage.view.onOrder = () =>
        Promise.reject(new PlbaError('WORKER_CONFLICT', 'it is\u001b[2J completed', { hint: 'start\nit' }));
      const conflict = await type('pause report');
      expect(conflict.errors).to.match(
        /^plba: acting on .*\nplba: it is \[2J completed \(WORKER_CONFLICT\)\n {2}start it\n$/,
      );
      expect(conflict.code).to.equal(exitCodes.refused);
    });
  });

  it('is not understood with exit code 64, and shows its help with 0', async () => {
    for (const line of ['frobnicate', 'worker', 'stop', 'workers --frob', 'completion tcsh', 'pause a b'])
      expect((await type(line)).code, line).to.equal(exitCodes.usage);
    const help = await type('--help');
    expect(help.code).to.equal(0);
    expect(help.out).to.contain('log-level');
  });

  function inBash(script: string): Promise<string> {
    return new Promise((resolve) =>
      execFile('bash', ['-c', script], (_error, text) => {
        resolve(text.trim());
      }),
    );
  }

  it('completes commands in a shell, and files where a command takes one', async () => {
    const { out } = await type('completion bash');
    const script = `${out}\nCOMP_WORDS=(plba st); COMP_CWORD=1; _plba; echo "\${COMPREPLY[@]}"`;
    const completed = await inBash(script);
    expect(completed.split(' ')).to.deep.equal(['status', 'start', 'stop']);
    const files = `${out}\nCOMP_WORDS=(plba check READ); COMP_CWORD=2; _plba; echo "\${COMPREPLY[@]}"`;
    expect(await inBash(files)).to.equal('README.md');
    for (const shell of ['zsh', 'fish']) expect((await type(`completion ${shell}`)).out).to.contain('log-level');
  });

  it('completes no name that a shell would take for a command', async () => {
    const { out } = await type('completion bash');
    const bad = join(runtime, 'done');
    const answer = JSON.stringify([
      { name: `$(touch ${bad})`, module: 'a' },
      { name: '--force', module: 'a' },
      { name: '', module: 'a' },
      { name: 'report', module: 'a' },
    ]);
    const script = `plba() { printf '%s' '${answer}'; }\n${out}\nCOMP_WORDS=(plba stop ''); COMP_CWORD=2; _plba; echo "\${COMPREPLY[@]}"`;
    expect(await inBash(script)).to.equal('report');
    expect(existsSync(bad)).to.equal(false);
  });

  it('runs as a program', async () => {
    const socket = join(folder, 'invoices.sock');
    const args = [join('node_modules', 'ts-node', 'dist', 'bin.js'), join('src', 'cli', 'main.ts'), '--socket', socket];
    const run = (...more: string[]): Promise<[unknown, string]> =>
      new Promise((resolve) =>
        execFile(process.execPath, [...args, ...more], (error, stdout) => {
          resolve([error?.code ?? 0, stdout]);
        }),
      );
    stage.view.changeHealth('degraded');
    const [code, stdout] = await run('health', '--json');
    expect(code).to.equal(1);
    expect(JSON.parse(stdout)).to.have.property('status', 'degraded');
  }).timeout(60_000);

  it('is described in docs/cli.md: every command with its arguments and options, and every exit code', () => {
    const page = readFileSync('docs/cli.md', 'utf8');
    const nothing = { env: {}, write: () => undefined, writeError: () => undefined, end: new AbortController().signal };
    const program = describeCommands(nothing, () => undefined);
    const documented = [...page.matchAll(/^\| `plba ([^`]+)`/gm)].map(([, usage]) => usage);
    const existing = program.commands.map((command) => {
      const args = command.registeredArguments.map((argument) =>
        argument.required ? `<${argument.name()}>` : `[${argument.name()}${argument.variadic ? '...' : ''}]`,
      );
      return [command.name(), ...args, ...command.options.map(({ flags }) => flags)].join(' ');
    });
    expect(documented).to.have.members(existing);
    for (const { flags } of program.options) expect(page).to.contain(`| \`${flags}\``);
    const codes = [...page.matchAll(/^\| (\d+) +\|/gm)].map(([, code]) => Number(code));
    expect(codes).to.have.members([...new Set(Object.values(exitCodes))]);
  });
});
