import { spawn } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Blueprint } from '../application/blueprint.js';
import type { CommandContext } from './command-context.js';
import { CommandFailure, exitCodes } from './command-failure.js';
import { inspectedProcess, type InspectedProcessOptions, type Report } from './inspected-process.js';

/** A main file that has not handed over its application by then never will. */
const limitMs = 60_000;

const reportTo = 3;

/**
 * What the application of a main file is built of: loads the file in a process of its own, as if it had been started itself, and ends that
 * process as soon as it hands its application over. What the file writes meanwhile goes to standard error.
 *
 * @param args arguments of the main file's own
 * @throws CommandFailure `usage` when there is no such file, or no application in it; `failed` when it cannot be loaded
 */
export async function inspectMain(file: string, args: readonly string[], context: CommandContext): Promise<Blueprint> {
  const main = findMain(file);
  const { flags, tsNode } = howToLoad(main, file);
  const options: InspectedProcessOptions = { reportTo, ...(tsNode !== undefined && { tsNode }) };
  const script = `(${inspectedProcess.toString()})(require, ${JSON.stringify(options)})`;
  const child = spawn(process.execPath, [...flags, '--eval', script, '--', main, ...args], {
    env: context.env,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    signal: AbortSignal.any([context.end, AbortSignal.timeout(limitMs)]),
    killSignal: 'SIGKILL',
  });
  const reports: Report[] = [];
  createInterface({ input: child.stdio[reportTo] as Readable }).on('line', (line) => {
    reports.push(JSON.parse(line) as Report);
  });
  let said = '';
  const show = (text: Buffer): void => {
    said += text.toString('utf8');
    context.writeError(text.toString('utf8'));
  };
  child.stdout?.on('data', show);
  child.stderr?.on('data', show);
  const exit = await new Promise<number | null>((resolve) => {
    child.on('error', () => undefined); // ended by one of the signals above, or never begun: it closes all the same
    child.once('close', resolve);
  });
  for (const report of reports) if ('blueprint' in report) return report.blueprint;
  if (context.end.aborted) throw new CommandFailure(exitCodes.failed, `${file} was given up`);
  throw explain(file, exit, reports, said);
}

function findMain(file: string): string {
  const main = resolve(file);
  const found = statSync(main, { throwIfNoEntry: false });
  if (found?.isFile() === true) return main;
  const is = found === undefined ? 'there is no file' : 'there is a folder, and no file,';
  throw new CommandFailure(
    exitCodes.usage,
    `${is} ${file}`,
    'name the file that starts the application, such as main.ts',
  );
}

/** A main file in TypeScript is loaded by what its application has installed for that, as it is when it is started. */
function howToLoad(main: string, file: string): Pick<InspectedProcessOptions, 'tsNode'> & { readonly flags: string[] } {
  if (!/\.[mc]?ts$/.test(main)) return { flags: [] };
  const { resolve: find } = createRequire(main);
  const installed = (name: string): string | undefined => {
    try {
      return find(name);
    } catch {
      return undefined;
    }
  };
  const [tsNode, tsx] = [installed('ts-node'), installed('tsx')];
  // Of the two, ts-node keeps the metadata of decorators, and tsx also loads ES modules.
  if (tsNode !== undefined && (tsx === undefined || !isEsModule(main)))
    return { flags: [], tsNode: { path: tsNode, projectSearchDir: dirname(main) } };
  if (tsx !== undefined) return { flags: ['--import', pathToFileURL(tsx).href] };
  throw new CommandFailure(
    exitCodes.usage,
    `${file} is TypeScript, and neither ts-node nor tsx is installed beside it`,
    'npm install --save-dev ts-node typescript, or name the compiled file',
  );
}

function isEsModule(main: string): boolean {
  if (/\.[mc]ts$/.test(main)) return main.endsWith('.mts');
  for (let folder = dirname(main); ; folder = dirname(folder)) {
    try {
      const { type } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { type?: string };
      return type === 'module';
    } catch {
      if (folder === dirname(folder)) return false;
    }
  }
}

function explain(file: string, exit: number | null, reports: readonly Report[], said: string): CommandFailure {
  for (const report of reports) {
    if (!('thrown' in report)) continue;
    // Of a syntax error only Node.js itself says where it is.
    const places = said.match(/^(?:file:\/\/)?\/.+:\d+$/gm) ?? [];
    const { message, hint, place = places.find((each) => !each.includes('node_modules')) } = report.thrown;
    const where = place === undefined ? '' : `\n  at ${shorten(place)}`;
    return new CommandFailure(
      exitCodes.failed,
      `${file} cannot be loaded: ${message.trim()}${where}`,
      hint ?? 'mend it there: it would not start either',
    );
  }
  if (exit === null)
    return new CommandFailure(
      exitCodes.failed,
      `${file} has not called runApplication() within ${limitMs / 1_000} s`,
      'look at what it waits for before that',
    );
  if (exit === 0)
    return new CommandFailure(
      exitCodes.usage,
      `${file} has ended, and has not called runApplication()`,
      'name the file that calls it; what that file takes as arguments stands after --',
    );
  return new CommandFailure(
    exitCodes.failed,
    `${file} has ended with exit code ${exit} before it called runApplication()`,
    'what it has said stands above; what it takes as arguments stands after --',
  );
}

/** A place as a person would write it. */
function shorten(place: string): string {
  const [, url, line] = /^(.*?):(\d+)$/.exec(place) ?? [];
  if (url === undefined || line === undefined) return place;
  const path = url.startsWith('file:') ? fileURLToPath(url) : url;
  return `${relative('', path)}:${line}`;
}
