// Builds what is published into dist/: the compiler writes types and modules, then the modules of all doors are bundled.
// A process loads a handful of files instead of 160, which saves a tenth of the time to ready. What the package depends on
// stays outside, and what is imported dynamically stays in files of its own.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rollup } from 'rollup';
import applicationTemplate from './application-template.cjs';
import consolePage from './console-page.cjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
/** What is made here and has no source, by the name under which it is imported: see console-page.cjs and application-template.cjs. */
const made = { '../console/page-files.js': consolePage, './template-files.js': applicationTemplate };

rmSync(dist, { recursive: true, force: true });
const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
execFileSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.build.json')], { stdio: 'inherit' });

const bundle = await rollup({
  input: doors(),
  external: (name) => !name.startsWith('.') && !isAbsolute(name),
  plugins: [
    { name: 'made-files', resolveId: (name) => (name in made ? name : null), load: writeMade },
    { name: 'compiled-modules', load: readCompiled },
  ],
  onLog: (_level, log) => {
    throw new Error(`the bundle is not sound: ${log.message}`);
  },
});
const compiled = filesIn(dist).filter((file) => /\.js(\.map)?$/.test(file));
const output = {
  dir: dist,
  format: 'es',
  generatedCode: 'es2015',
  sourcemap: true,
  hoistTransitiveImports: false,
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name].js',
  manualChunks: inBasics,
};
// Everything is read before it is removed, and removed before the bundle is written: some of the files have the same name.
await bundle.generate(output);
for (const file of compiled) rmSync(file);
await bundle.write(output);
await bundle.close();
writeFileSync(join(dist, 'package.json'), `${JSON.stringify({ type: 'module' })}\n`);

/** The files that the manifest leads to, by their names in dist/ without the ending. */
function doors() {
  const { exports, bin = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const modules = Object.values(exports).flatMap((door) => (typeof door === 'string' ? [] : [door.default]));
  const files = [...modules, ...Object.values(bin)].map((file) => join(root, file));
  return Object.fromEntries(files.map((file) => [relative(dist, file).replace(/\.js$/, ''), file]));
}

/**
 * What the command line shares with the front door is one file, and not one for each other door that has some of it, too: an application
 * loads it at once.
 */
function inBasics(id, { getModuleInfo }) {
  const [front, commandLine] = ['index.js', join('cli', 'main.js')].map((door) =>
    reachedFrom(join(dist, door), getModuleInfo),
  );
  return front.has(id) && commandLine.has(id) ? 'basics' : undefined;
}

function reachedFrom(id, getModuleInfo, reached = new Set()) {
  if (!reached.has(id)) {
    reached.add(id);
    for (const imported of getModuleInfo(id)?.importedIds ?? []) reachedFrom(imported, getModuleInfo, reached);
  }
  return reached;
}

/** What is made here, as a module. */
function writeMade(id) {
  if (!(id in made)) return null;
  return Object.entries(made[id])
    .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};\n`)
    .join('');
}

/** A module as the compiler wrote it, with the map to its source. */
function readCompiled(path) {
  const code = readFileSync(path, 'utf8').replace(/\n\/\/# sourceMappingURL=.*\n?$/, '\n');
  return { code, map: JSON.parse(readFileSync(`${path}.map`, 'utf8')) };
}

function filesIn(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}
