import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';

const root = process.cwd();
const runFile = promisify(execFile);

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

/**
 * The package as its users get it: packed by npm, unpacked into an application's node_modules, and next to it only what its
 * manifest declares. The application lives outside of the repository, so that nothing undeclared is found by accident.
 */
describe('the published package', function () {
  this.timeout(180_000); // builds and packs
  const application = mkdtempSync(join(tmpdir(), 'plba-package-'));
  const installed = join(application, 'node_modules', 'plba');
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
  const declared = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)];
  let files: string[];

  before(async () => {
    await npm('pack', '--silent', '--pack-destination', application);
    const tarball = readdirSync(application).find((name) => name.endsWith('.tgz')) ?? '';
    await runFile('tar', ['-xzf', tarball], { cwd: application });
    cpSync(join(application, 'package'), installed, { recursive: true });
    for (const name of declared) link(name);
    files = readdirSync(installed, { recursive: true, encoding: 'utf8' }).map((path) => path.split(sep).join('/'));
  });

  after(() => {
    rmSync(application, { recursive: true, force: true });
  });

  it('contains the build, the manifest and what people read, and nothing else', () => {
    const top = new Set(files.map((path) => path.split('/')[0]));
    expect([...top].sort()).to.deep.equal(['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'package.json']);
    const kinds = files.filter((path) => path.startsWith('dist/') && path.includes('.'));
    const strange = kinds.filter((path) => !/\.(js|js\.map|d\.ts)$/.test(path) && path !== 'dist/package.json');
    expect(strange).to.deep.equal([]);
  });

  it('imports nothing but its declared dependencies and Node.js', () => {
    const undeclared = files
      .filter((path) => /\.(js|d\.ts)$/.test(path))
      .flatMap((path) => importsOf(path).map((name) => ({ path, name })))
      .filter(({ name }) => !name.startsWith('.') && !isBuiltIn(name) && !declared.includes(packageOf(name)))
      .map(({ path, name }) => `${path} imports ${name}`);
    expect(undeclared).to.deep.equal([]);
  });

  it('has no test double on the way from the front door', () => {
    const sources = [...reachedFrom('dist/index.js')].flatMap(sourcesOf);
    expect(sources).to.include('src/contracts/application.ts');
    expect(sources.filter((path) => path.startsWith('src/testing/'))).to.deep.equal([]);
  });

  it('is loaded as a handful of files, which import nothing heavy before it is needed', () => {
    const loaded = [...reachedFrom('dist/index.js', staticImportsOf)];
    expect(loaded).to.have.length.below(5);
    const packages = loaded.flatMap(staticImportsOf).filter((name) => !name.startsWith('.') && !isBuiltIn(name));
    // The second is one small file, which costs less than a way to load it later.
    const light = ['inversify', 'fastest-levenshtein', 'pino', 'reflect-metadata'];
    expect([...new Set(packages)]).to.have.members(light);
  });

  it('has the page of the console as a file that is loaded when it is asked for', async () => {
    const chunks = files.filter((path) => /^dist\/chunks\/page-files.*\.js$/.test(path));
    expect(chunks).to.have.length(1);
    expect([...reachedFrom('dist/index.js', staticImportsOf)]).not.to.include(chunks[0]);
    expect([...reachedFrom('dist/index.js')]).to.include(chunks[0]);
    const script = write(
      'page.mjs',
      `const { pageFiles } = await import('./node_modules/plba/${chunks[0]}'); console.log(JSON.stringify(pageFiles));`,
    );
    const page = JSON.parse((await runFile(process.execPath, [script])).stdout) as Record<string, string>;
    expect(page['index.html']).to.include('/console/main.js');
    expect(page['main.js']).to.include("from './page.js'").and.not.include('interface ');
  });

  it('keeps the names of what its doors export, and a map to the source of each file', async () => {
    const { stdout } = await runFile(process.execPath, [write('names.mjs', names)]);
    expect(JSON.parse(stdout)).to.deep.equal([]);
    // A door that only leads on has no source of its own.
    const withCode = files.filter(
      (path) => path.endsWith('.js') && !leadsOn(readFileSync(join(installed, path), 'utf8')),
    );
    for (const path of withCode) expect(sourcesOf(path), path).to.not.be.empty;
  });

  it('gives import and require the same classes, through both doors', async () => {
    const { stdout } = await runFile(process.execPath, [write('identity.mjs', identity)]);
    expect(JSON.parse(stdout)).to.deep.equal({ plba: [], 'plba/testing': [], sameRuntime: true });
  });

  it('runs an application that is written in JavaScript without decorators', async () => {
    const { stdout } = await runFile(process.execPath, [write('application.mjs', plainApplication)], {
      cwd: application,
    });
    expect(stdout).to.include('ran as a package').and.include('all workers completed');
  });

  it('answers probes from a thread, which runs the text of a function of the build', async () => {
    const { stdout } = await runFile(process.execPath, [write('probes.mjs', probed)], { cwd: application });
    const answers = JSON.parse(stdout.split('\n').find((line) => line.startsWith('[')) ?? '') as unknown;
    expect(answers).to.deep.equal([
      ['/health/live', 200, 'ok'],
      ['/health/ready', 200, 'ok'],
      ['/health/startup', 200, 'ok'],
      ['blocked', 200, 'ok'],
    ]);
  });

  it('keeps everything else behind its doors', async () => {
    const script = write('inside.mjs', `await import('plba/dist/errors.js').catch(({ code }) => console.log(code));`);
    expect((await runFile(process.execPath, [script])).stdout.trim()).to.equal('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });

  it('has types that ES modules and CommonJS compile against, with no library taken on trust', () => {
    for (const types of ['@types/node', 'undici-types']) link(types);
    const program = ts.createProgram([write('consumer.mts', typed), write('consumer.cts', typed)], {
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2023,
      lib: ['lib.es2023.d.ts'],
      types: ['node'],
      typeRoots: [join(application, 'node_modules', '@types')],
      strict: true,
      exactOptionalPropertyTypes: true,
      experimentalDecorators: true,
      noEmit: true,
    });
    // Declarations of others are theirs to mend; those of this package must hold as they are.
    const problems = ts
      .getPreEmitDiagnostics(program)
      .filter(({ file }) => file === undefined || file.fileName.startsWith(application))
      .map(({ file, messageText }) => `${file?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
    expect(problems).to.deep.equal([]);
  });

  function link(name: string): void {
    const target = join(application, 'node_modules', name);
    mkdirSync(dirname(target), { recursive: true });
    rmSync(target, { force: true });
    symlinkSync(join(root, 'node_modules', name), target, 'junction');
  }

  function write(name: string, text: string): string {
    const path = join(application, name);
    writeFileSync(path, text);
    return path;
  }

  /** What a file imports, at once or later. */
  function importsOf(path: string): string[] {
    const text = readFileSync(join(installed, path), 'utf8');
    return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
  }

  /** What a file imports when it is loaded. */
  function staticImportsOf(path: string): string[] {
    const text = readFileSync(join(installed, path), 'utf8');
    return ts.createSourceFile(path, text, ts.ScriptTarget.ES2023).statements.flatMap((statement) => {
      if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
      const from = statement.moduleSpecifier;
      return from !== undefined && ts.isStringLiteral(from) ? [from.text] : [];
    });
  }

  /** The files of the package that `path` leads to, by the imports that `follow` answers. */
  function reachedFrom(path: string, follow = importsOf, reached = new Set<string>()): Set<string> {
    if (reached.has(path)) return reached;
    reached.add(path);
    for (const name of follow(path)) {
      if (name.startsWith('.')) reachedFrom(join(dirname(path), name).split(sep).join('/'), follow, reached);
    }
    return reached;
  }

  /** The sources that a file was made of, by its map. */
  function sourcesOf(path: string): string[] {
    const { sources } = JSON.parse(readFileSync(join(installed, `${path}.map`), 'utf8')) as { sources: string[] };
    return sources.map((source) => join(dirname(path), source).split(sep).join('/'));
  }
});

/** Whether a module consists of nothing but what it exports from others. */
function leadsOn(code: string): boolean {
  return code.replace(/^(export \{[^}]*\} from '[^']*';|\/\/.*)$/gm, '').trim() === '';
}

async function npm(...args: string[]): Promise<void> {
  const cli = process.env['npm_execpath'];
  if (cli === undefined) await runFile('npm', args, { cwd: root });
  else await runFile(process.execPath, [cli, ...args], { cwd: root });
}

function isBuiltIn(name: string): boolean {
  return name.startsWith('node:') || builtinModules.includes(name);
}

/** The package of an import: `@scope/name/inside` is of `@scope/name`. */
function packageOf(name: string): string {
  return name.split('/', name.startsWith('@') ? 2 : 1).join('/');
}

const identity = `
  import 'reflect-metadata';
  import { createRequire } from 'node:module';
  const require = createRequire(import.meta.url);
  const different = {};
  for (const door of ['plba', 'plba/testing']) {
    const [imported, required] = [await import(door), require(door)];
    different[door] = Object.keys(imported).filter((name) => imported[name] !== required[name]);
  }
  const { testApplication } = await import('plba/testing');
  const { ApplicationModule, PlbaError } = require('plba');
  class Broken extends ApplicationModule {
    name = 'not a name';
    assemble() {}
  }
  const error = await Promise.resolve().then(() => testApplication(Broken).start()).catch((error) => error);
  console.log(JSON.stringify({ ...different, sameRuntime: error instanceof PlbaError }));
`;

const names = `
  import 'reflect-metadata';
  const other = [];
  for (const door of ['plba', 'plba/testing']) {
    for (const [name, value] of Object.entries(await import(door))) {
      if (typeof value === 'function' && value.name !== name) other.push(name + ' is called ' + value.name);
    }
  }
  console.log(JSON.stringify(other));
`;

const plainApplication = `
  import 'reflect-metadata';
  import { ApplicationModule, once, RoutineWorker, runApplication, worker } from 'plba';
  class Hello extends RoutineWorker {
    run(context) {
      context.log.info('ran as a package');
    }
  }
  worker({ name: 'hello', trigger: once() })(Hello);
  class HelloModule extends ApplicationModule {
    name = 'hello';
    assemble(module) {
      module.worker(Hello);
    }
  }
  await runApplication(HelloModule, { env: {}, set: ['plba.control.port=0'] });
`;

// The event loop waits for the answer of a process that asks the thread: nobody else could give it.
const probed = `
  import 'reflect-metadata';
  import { execFileSync } from 'node:child_process';
  import { ApplicationModule, createApplication, every, RoutineWorker, worker } from 'plba';
  class Quiet extends RoutineWorker {
    run() {}
  }
  worker({ name: 'quiet', trigger: every('1h') })(Quiet);
  class QuietModule extends ApplicationModule {
    name = 'quiet';
    assemble(module) {
      module.worker(Quiet);
    }
  }
  const lines = [];
  const application = createApplication(QuietModule, {
    env: {},
    config: { plba: { control: { port: 0, socket: false, probes: 'thread' } } },
    logDestination: { write: (line) => lines.push(line) },
  });
  await application.start();
  const url = lines.map((line) => /by a thread on (http:[^"]+)/.exec(line)?.[1]).find(Boolean);
  const answers = [];
  for (const path of ['/health/live', '/health/ready', '/health/startup']) {
    const response = await fetch(url + path);
    answers.push([path, response.status, (await response.json()).status]);
  }
  const ask = "fetch(process.argv[1]).then(async (r) => console.log(JSON.stringify([r.status, (await r.json()).status])))";
  const answer = execFileSync(process.execPath, ['-e', ask, url + '/health/live'], { encoding: 'utf8' });
  answers.push(['blocked', ...JSON.parse(answer)]);
  await application.stop();
  console.log(JSON.stringify(answers));
`;

const typed = `
  import 'reflect-metadata';
  import { ApplicationModule, every, RoutineWorker, worked, worker, type ModuleBuilder, type Outcome } from 'plba';
  import { testApplication, type TestApplication } from 'plba/testing';

  @worker({ name: 'typed', trigger: every('1s') })
  class Typed extends RoutineWorker {
    protected override run(): Promise<Outcome> {
      return Promise.resolve(worked({ items: 1 }));
    }
  }
  class TypedModule extends ApplicationModule {
    readonly name = 'typed';
    override assemble(module: ModuleBuilder): void {
      module.worker(Typed);
    }
  }
  export const started: Promise<TestApplication> = testApplication(TypedModule).start();
  // @ts-expect-error -- a number is no trigger: the types are there, not any
  worker({ name: 'typed', trigger: 5 });
`;
