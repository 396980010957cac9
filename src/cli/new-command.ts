import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { version } from '../application/version.js';
import type { CommandContext } from './command-context.js';
import { CommandFailure, exitCodes } from './command-failure.js';

/** What the template is called; in its files the name of the new application takes the place of it. */
const placeholder = 'my-application';

/** `plba new <folder>`: writes a small application that runs and is tested. */
export function addNewCommand(program: Command, contextOf: () => CommandContext): void {
  program
    .command('new')
    .description('a new application: a worker, a routine, tests, configuration and a Dockerfile')
    .argument('<folder>', 'where; it is made, or has to be empty. Its name becomes that of the application')
    .action(async (folder: string) => {
      const context = contextOf();
      const { templateFiles } = await import('./template-files.js');
      const files = Object.entries(templateFiles).map(([path, text]) => [path, text] as const);
      const name = nameOf(folder);
      refuseOccupied(folder);
      for (const [path, text] of files) write(join(folder, path), filled(text, name));
      const written = files.map(([path]) => `  ${join(folder, path)}\n`).join('');
      context.write(`${name} is there:\n${written}\nNext:\n  cd ${folder}\n  npm install\n  npm test\n  npm start\n`);
    });
}

/** The name of a folder as npm and PLBA both take it. */
function nameOf(folder: string): string {
  const name = basename(resolve(folder))
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|-+$/g, '')
    .slice(0, 64);
  if (name !== '') return name;
  throw new CommandFailure(exitCodes.usage, `${folder} gives no name for an application`, 'use letters, digits and -');
}

function refuseOccupied(folder: string): void {
  if (!existsSync(folder)) return;
  const is = !statSync(folder).isDirectory()
    ? 'is a file'
    : readdirSync(folder).length > 0
      ? 'is not empty'
      : undefined;
  if (is !== undefined)
    throw new CommandFailure(exitCodes.usage, `${folder} ${is}`, 'name a folder that is empty or not there yet');
}

function filled(text: string, name: string): string {
  return text.replaceAll(placeholder, name).replace(/("plba": ")[^"]*/, `$1^${version}`);
}

function write(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    throw new CommandFailure(exitCodes.failed, `${path} cannot be written: ${(error as Error).message}`);
  }
}
