import { expect } from 'chai';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { describeCommands, runCommandLine } from '../../../src/cli/command-line.js';

const never = new AbortController().signal;

type Ranges = Readonly<Record<string, string>>;

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly engines: Ranges;
  readonly dependencies: Ranges;
  readonly devDependencies: Ranges;
  readonly peerDependencies: Ranges;
}

describe('plba new', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'plba-new-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  async function makeNew(path: string): Promise<{ code: number; out: string; errors: string }> {
    let out = '';
    let errors = '';
    const code = await runCommandLine(['new', path], {
      env: {},
      write: (text) => void (out += text),
      writeError: (text) => void (errors += text),
      end: new AbortController().signal,
    });
    return { code, out, errors };
  }

  it('writes every file of the template, under the name of the folder, and says what comes next', async () => {
    const path = join(folder, 'Ledger Sync');
    const { code, out } = await makeNew(path);
    expect(code).to.equal(0);
    const template = join('templates', 'application');
    expect(filesIn(path)).to.deep.equal(filesIn(template));
    for (const file of filesIn(path)) {
      expect(out).to.contain(join(path, file));
      const [made, original] = [path, template].map((at) => readFileSync(join(at, file), 'utf8')) as [string, string];
      expect(made).to.equal(original.replaceAll('my-application', 'ledger-sync'));
    }
    expect(out).to.contain('npm install').and.contain('npm test').and.contain('npm start');
  });

  it('writes into an empty folder, and refuses one that is not, or has no name', async () => {
    const path = join(folder, 'taken');
    mkdirSync(path);
    expect((await makeNew(path)).code).to.equal(0);
    for (const [where, why] of [
      [path, 'is not empty'],
      [join(path, 'package.json'), 'is a file'],
      [join(folder, '---'), 'gives no name'],
    ] as const) {
      const { code, errors } = await makeNew(where);
      expect(code).to.equal(64);
      expect(errors).to.contain(where).and.contain(why);
    }
  });

  it('says where it could not write', async () => {
    writeFileSync(join(folder, 'file'), '');
    const { code, errors } = await makeNew(join(folder, 'file', 'application'));
    expect(code).to.equal(1);
    expect(errors)
      .to.contain(join(folder, 'file', 'application'))
      .and.contain('cannot be written');
    expect(existsSync(join(folder, 'file', 'application'))).to.be.false;
  });

  it('asks for the versions that PLBA itself is tested with', () => {
    const own = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
    const made = JSON.parse(readFileSync(join('templates', 'application', 'package.json'), 'utf8')) as Manifest;
    const known: Ranges = { ...own.devDependencies, ...own.peerDependencies, plba: `^${own.version}` };
    for (const [name, range] of Object.entries({ ...made.dependencies, ...made.devDependencies }))
      expect(range, name).to.equal(known[name]);
    expect(made.engines).to.deep.equal(own.engines);
  });

  it('makes an image of files and commands that there are', async () => {
    const path = join(folder, 'order-intake');
    await makeNew(path);
    const read = (file: string): string => readFileSync(join(path, file), 'utf8');
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Ranges };
    const ignored = read('.dockerignore').trim().split('\n');
    const lines = read('Dockerfile').split('\n');
    const wordsAfter = (keyword: string): string[][] =>
      lines.filter((line) => line.startsWith(`${keyword} `)).map((line) => line.split(' ').slice(1));

    const copied = wordsAfter('COPY').map((words) => words.slice(0, -1));
    for (const source of copied.filter(([first]) => !first?.startsWith('--from')).flat()) {
      expect(globToFiles(source, readdirSync(path)), source).not.to.deep.equal([]);
      expect(ignored).not.to.include(source);
    }
    // The build leaves what it was copied into, what it has installed, and what it has made.
    const made = ['package.json', 'node_modules', 'dist'].map((name) => `/application/${name}`);
    for (const [from, source] of copied.filter(([first]) => first?.startsWith('--from'))) {
      expect(from).to.equal('--from=build');
      expect(made).to.include(source);
    }
    for (const [, script = ''] of read('Dockerfile').matchAll(/npm run ([\w-]+)/g))
      expect(scripts).to.have.property(script);
    const main = /CMD \["node", "--enable-source-maps", "dist\/(\w+)\.js"\]/.exec(read('Dockerfile'))?.[1] ?? '';
    expect(filesIn(path)).to.include(`src/${main}.ts`);
    expect(scripts['build']).to.equal('tsc -p tsconfig.build.json');
    expect(read('tsconfig.build.json'))
      .to.match(/"rootDir": "src"/)
      .and.match(/"outDir": "dist"/);
    // What a container is asked for must be a command, and its exit codes mean what the line says.
    expect(read('Dockerfile')).to.contain('HEALTHCHECK CMD node_modules/.bin/plba health live || [ $? -eq 1 ]');
    const commands = describeCommands(
      { env: {}, write: () => undefined, writeError: () => undefined, end: never },
      () => undefined,
    );
    expect(commands.commands.map((command) => command.name())).to.include('health');
  });

  /** The entries that a source of COPY means, which may have a star. */
  function globToFiles(pattern: string, entries: readonly string[]): string[] {
    const expression = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
    return entries.filter((entry) => expression.test(entry));
  }

  function filesIn(path: string): string[] {
    const entries = readdirSync(path, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
      .map((file) => file.split(sep).join('/'))
      .sort();
  }
});
