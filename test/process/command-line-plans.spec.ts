import { expect } from 'chai';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitCodes } from '../../src/cli/command-failure.js';
import { runCommandLine } from '../../src/cli/command-line.js';

const planned = join('test', 'process', 'fixtures', 'planned.ts');

describe('an application that does not run, and the command line', function () {
  this.timeout(60_000);
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'plba-plans-')));

  after(() => {
    rmSync(folder, { recursive: true });
  });

  interface Typed {
    readonly code: number;
    readonly out: string;
    readonly errors: string;
  }

  async function type(args: readonly string[], env: Record<string, string> = {}, until?: RegExp): Promise<Typed> {
    const end = new AbortController();
    let out = '';
    let errors = '';
    const code = await runCommandLine(args, {
      env: { ...process.env, ...env },
      write: (text) => void (out += text),
      writeError: (text) => {
        errors += text;
        if (until?.test(errors) === true) end.abort();
      },
      end: end.signal,
    });
    return { code, out, errors };
  }

  function write(name: string, text: string): string {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  }

  describe('check', () => {
    it('says that all is well with exit code 0, and constructs and starts nothing', async () => {
      const { code, out, errors } = await type(['check', planned]);
      expect({ code, errors }).to.deep.equal({ code: 0, errors: 'planned: loaded\n' });
      expect(out).to.equal(
        'planned: configuration and wiring are valid\n  2 modules, 3 workers, 1 health contributor\n',
      );
    });

    it('hands over what an application of its own process would have taken: arguments, environment, configuration', async () => {
      const set = await type(['check', planned, '--', '--set', 'planned.copies=0']);
      expect(set.code).to.equal(exitCodes.configuration);
      expect(set.errors).to.contain('planned.copies').and.contain('--set').and.contain('(CONFIG_INVALID)');
    });

    it('names broken wiring with its chain, for scripts as JSON as well, and ends with exit code 1', async () => {
      const { code, errors } = await type(['check', planned], { WITHOUT: 'Press' });
      expect(code).to.equal(1);
      expect(errors).to.contain(
        'planned would not start: nothing is bound for Press: module "planned" -> worker "print" (Print) -> Press (missing)',
      );
      const json = await type(['check', planned, '--json'], { WITHOUT: 'Press' });
      expect(json.code).to.equal(1);
      const { application, problems } = JSON.parse(json.out) as { application: string; problems: { code: string }[] };
      expect([application, problems.map((problem) => problem.code)]).to.deep.equal(['planned', ['BINDING_MISSING']]);
    });
  });

  it('graph draws what there is, also where it would not start, and says so', async () => {
    const { code, out, errors } = await type(['graph', planned, '--format', 'dot'], {
      WITHOUT: 'Press',
      PLANNED__COPIES: '0',
    });
    expect(code).to.equal(0);
    expect(out).to.match(/^digraph "planned" \{$[^]*"member print" -> "member plates"[^]*^\}$/m);
    expect(errors).to.contain('(CONFIG_INVALID)').and.contain('(BINDING_MISSING)');
  });

  it('schedule says when the workers are due, and refuses where the configuration may say otherwise', async () => {
    const { code, out } = await type(['schedule', planned, '--count', '2', '--from', '2027-03-27']);
    expect(code).to.equal(0);
    expect(out)
      .to.match(/^nightly +cron 30 2 \* \* \* +Sat 2027-03-27 02:30:00 \+01:00 +Europe\/Berlin +-$/m)
      .and.match(/^when the clocks are changed next:$/m)
      .and.match(
        /^print +every 1m 30s +Sat 2027-03-27 00:01:30 \+00:00 +UTC +counted from the start, each up to 9s later$/m,
      )
      .and.match(/^plates +continuously +- +- +run after run/m);
    const unsure = await type(['schedule', planned], { PLANNED__COPIES: '0' });
    expect(unsure).to.deep.include({ code: exitCodes.configuration, out: '' });
    for (const wrong of ['--count=0', '--count=many', '--count=1001', '--from=tomorrow', '--from=2027-02-31T99:00'])
      expect((await type(['schedule', planned, wrong])).code, wrong).to.equal(exitCodes.usage);
  });

  describe('says of a main file', () => {
    const hint = 'it would not start either';
    const cases: [what: string, file: string, text: string, code: number, says: (string | RegExp)[]][] = [
      [
        'that cannot be parsed',
        'syntax.cjs',
        'let a;\nconst x = ;\n',
        1,
        ["Unexpected token ';'", /at .*syntax\.cjs:2$/m, hint],
      ],
      [
        'likewise, as an ES module',
        'syntax.mjs',
        'let a;\nconst x = ;\n',
        1,
        ["Unexpected token ';'", /at .*syntax\.mjs:2$/m],
      ],
      [
        'that throws',
        'throws.cjs',
        '\nthrow new TypeError("no database")',
        1,
        ['TypeError: no database', /at .*throws\.cjs:2/],
      ],
      ['that throws no error', 'text.cjs', '\nthrow "no database"', 1, ['Error: no database', /at .*text\.cjs:2/]],
      [
        'that rejects',
        'rejects.mjs',
        'await Promise.reject(new Error("later"))',
        1,
        ['Error: later', /rejects\.mjs:1/],
      ],
      ['that imports what is not there', 'gone.mjs', 'import "./gone.js";', 1, ['Cannot find module', 'gone.js', hint]],
      [
        'that ends the process',
        'exits.cjs',
        'console.log("usage: …"); process.exit(7)',
        1,
        ['usage: …', 'exit code 7', '--'],
      ],
      [
        'that only exports',
        'exports.cjs',
        'exports.a = 1',
        64,
        ['has not called runApplication()', 'name the file that calls it'],
      ],
    ];
    for (const [what, file, text, code, says] of cases)
      it(`${what}: who, where, and what to do`, async () => {
        const path = write(file, text);
        const typed = await type(['check', path]);
        expect(typed.code, typed.errors).to.equal(code);
        const [last = ''] = typed.errors.split(/^(?=plba: )/m).slice(-1);
        expect(last).to.contain(`plba: ${path} `);
        for (const said of says)
          if (typeof said === 'string') expect(typed.errors).to.contain(said);
          else expect(last).to.match(said);
        expect(typed.out).to.equal('');
      });

    it('that is not there, or is a folder', async () => {
      for (const path of [join(folder, 'nowhere.ts'), folder]) {
        const { code, errors } = await type(['check', path]);
        expect(code).to.equal(exitCodes.usage);
        expect(errors).to.contain(path).and.contain('main.ts');
      }
    });

    it('in TypeScript, what it takes to load it', async () => {
      const { code, errors } = await type(['check', write('main.ts', 'export {};')]);
      expect(code).to.equal(exitCodes.usage);
      expect(errors).to.contain('neither ts-node nor tsx').and.contain('npm install');
    });

    it('in TypeScript, the line that does not compile', async () => {
      const own = join(folder, 'own');
      mkdirSync(join(own, 'node_modules'), { recursive: true });
      for (const name of ['ts-node', 'typescript', '@types'])
        symlinkSync(join(process.cwd(), 'node_modules', name), join(own, 'node_modules', name), 'junction');
      const path = join(own, 'main.ts');
      writeFileSync(path, 'export const text = "a";\nexport const count: number = text;\n');
      const { code, errors } = await type(['check', path], { TS_NODE_TRANSPILE_ONLY: 'false' });
      expect(code, errors).to.equal(1);
      expect(errors).to.match(
        /plba: .*main\.ts cannot be loaded: .*main\.ts.*2.*TS2322: Type 'string' is not assignable/,
      );
    });

    it('that goes on for ever, nothing once it is given up with Ctrl-C', async () => {
      const path = write('waits.cjs', 'console.log("waits"); setInterval(() => undefined, 1000)');
      const { code, errors } = await type(['check', path], {}, /waits/);
      expect(code).to.equal(1);
      expect(errors).to.contain('was given up');
    });
  });
});
