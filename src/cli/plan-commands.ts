import type { Command } from 'commander';
import type { Blueprint } from '../application/blueprint.js';
import type { CommandContext } from './command-context.js';
import { exitCodes } from './command-failure.js';
import { inspectMain } from './inspect-main.js';
import { plain } from './table.js';

type ContextOf = () => CommandContext;

/** The commands that look at an application that does not run. */
export function addPlanCommands(program: Command, contextOf: ContextOf): void {
  program
    .command('check')
    .description('whether configuration and wiring of an application are valid; starts nothing')
    .argument('<main>', 'its main file')
    .argument('[arguments...]', 'of the main file, after --')
    .action((main: string, args: string[]) => check(main, args, contextOf()));
}

async function check(main: string, args: readonly string[], context: CommandContext): Promise<void> {
  const blueprint = await inspectMain(main, args, context);
  const { application, problems } = blueprint;
  if (context.isJson) context.write(`${JSON.stringify(blueprint)}\n`);
  else if (problems.length === 0)
    context.write(`${plain(application)}: configuration and wiring are valid\n  ${contents(blueprint)}\n`);
  else tellProblems(blueprint, context);
  context.exitWith(exitCodeOf(blueprint));
}

/** Configuration comes first, as it does at a start. */
export function exitCodeOf({ problems }: Blueprint): number {
  if (problems.length === 0) return exitCodes.ok;
  return problems.some(({ kind }) => kind === 'configuration') ? exitCodes.configuration : exitCodes.failed;
}

/** What would keep the application from starting, on standard error. */
export function tellProblems({ application, problems }: Blueprint, context: CommandContext): void {
  for (const { message, code, hint, causes = [] } of problems) {
    const lines = [`plba: ${application} would not start: ${message}${code === undefined ? '' : ` (${code})`}`];
    lines.push(...causes.map((cause) => `  because: ${cause}`), ...(hint === undefined ? [] : [`  ${hint}`]));
    context.writeError(`${lines.join('\n')}\n`);
  }
}

function contents({ modules, workers, contributors, controlRoutes }: Blueprint): string {
  const counts = [
    count(modules.length, 'module'),
    count(workers.length, 'worker'),
    count(contributors.length, 'health contributor'),
    ...(controlRoutes.length === 0 ? [] : [count(controlRoutes.length, 'control route')]),
  ];
  return counts.join(', ');
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
