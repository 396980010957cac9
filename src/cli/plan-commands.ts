import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Blueprint } from '../application/blueprint.js';
import type { CommandContext } from './command-context.js';
import { exitCodes } from './command-failure.js';
import { inspectMain } from './inspect-main.js';
import { type GraphFormat, graphFormats, graphLines } from './graph-lines.js';
import { planFires } from './plan-fires.js';
import { scheduleText } from './schedule-text.js';
import { plain } from './table.js';

type ContextOf = () => CommandContext;

/** More than anybody reads, and no more than a moment to compute. */
const mostFires = 1_000;

/** The commands that look at an application that does not run. */
export function addPlanCommands(program: Command, contextOf: ContextOf): void {
  const command = (name: string, description: string): Command =>
    program
      .command(name)
      .description(description)
      .argument('<main>', 'its main file')
      .argument('[arguments...]', 'of the main file, after --');
  command('check', 'whether configuration and wiring of an application are valid; starts nothing').action(
    (main: string, args: string[]) => check(main, args, contextOf()),
  );
  command('graph', 'modules, workers, health contributors and needs of an application as a graph; starts nothing')
    .addOption(new Option('--format <format>', 'what the graph is written in').choices(graphFormats).default('mermaid'))
    .action((main: string, args: string[], { format }: { format: GraphFormat }) =>
      graph(main, args, format, contextOf()),
    );
  command('schedule', 'when the workers of an application are due next; starts nothing')
    .option('--count <count>', 'so many times of each worker', readCount, 5)
    .option('--from <time>', 'from then on, such as 2027-03-27 or 2027-03-27T12:00:00Z (default: now)', readTime)
    .action((main: string, args: string[], { count, from }: { count: number; from?: Date }) =>
      schedule(main, args, { count, from: from ?? new Date() }, contextOf()),
    );
}

function readCount(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= mostFires) return count;
  throw new InvalidArgumentError(`Give a whole number, 1 to ${mostFires}.`);
}

function readTime(text: string): Date {
  const time = new Date(text);
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(time.getTime())) return time;
  throw new InvalidArgumentError('Give a date, or date and time, such as 2027-03-27T12:00:00Z.');
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

async function graph(
  main: string,
  args: readonly string[],
  format: GraphFormat,
  context: CommandContext,
): Promise<void> {
  const blueprint = await inspectMain(main, args, context);
  tellProblems(blueprint, context);
  if (blueprint.modules.length === 0) context.exitWith(exitCodeOf(blueprint));
  else if (context.isJson) context.write(`${JSON.stringify(blueprint)}\n`);
  else context.write(`${graphLines(blueprint, format).join('\n')}\n`);
}

async function schedule(
  main: string,
  args: readonly string[],
  { count, from }: { readonly count: number; readonly from: Date },
  context: CommandContext,
): Promise<void> {
  const blueprint = await inspectMain(main, args, context);
  // Without its configuration, or with a trigger that nobody understands, what it would say might not be so.
  if (blueprint.problems.some(({ kind, code }) => kind === 'configuration' || code === 'TRIGGER_INVALID')) {
    tellProblems(blueprint, context);
    context.exitWith(exitCodeOf(blueprint));
    return;
  }
  const plans = await Promise.all(blueprint.workers.map((worker) => planFires(worker, from.getTime(), count)));
  context.write(context.isJson ? `${JSON.stringify(plans)}\n` : scheduleText(plans, context.columns));
}

/** Configuration comes first, as it does at a start. */
function exitCodeOf({ problems }: Blueprint): number {
  if (problems.length === 0) return exitCodes.ok;
  return problems.some(({ kind }) => kind === 'configuration') ? exitCodes.configuration : exitCodes.failed;
}

/** What would keep the application from starting, on standard error. */
function tellProblems({ application, problems }: Blueprint, context: CommandContext): void {
  for (const { message, code, hint, causes = [] } of problems) {
    const lines = [`plba: ${application} would not start: ${message}${code === undefined ? '' : ` (${code})`}`];
    // Only what a cause says first: the rest is for who debugs a container.
    lines.push(
      ...causes.map((cause) => `  because: ${cause.split('\n')[0] ?? ''}`),
      ...(hint === undefined ? [] : [`  ${hint}`]),
    );
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
