import type { Command } from 'commander';
import type { WorkerReport } from '../contracts/reports.js';
import type { CommandContext } from './command-context.js';
import type { Reply } from './connection.js';
import { workerCells, workerHeadings } from './rows.js';
import { plain, table } from './table.js';

type Fields = Readonly<Record<string, unknown>>;

const actions: readonly { readonly action: string; readonly what: string; readonly takesForce?: boolean }[] = [
  { action: 'start', what: 'starts a worker that has ended or was stopped' },
  { action: 'stop', what: 'stops a worker', takesForce: true },
  { action: 'restart', what: 'stops a worker and starts it again', takesForce: true },
  { action: 'pause', what: 'no new runs of a worker until it is resumed' },
  { action: 'resume', what: 'lets a worker run again' },
  { action: 'run', what: 'does one run now, and waits for its end' },
];

/** The commands that change something. */
export function addChangeCommands(program: Command, contextOf: () => CommandContext): void {
  const change = async (
    method: 'POST' | 'PUT',
    path: string,
    fields: Fields,
    format: (reply: Reply, context: CommandContext) => string,
  ): Promise<void> => {
    const context = contextOf();
    const reply = await (await context.connect()).change(method, path, fields);
    context.write(context.isJson ? `${reply.text}\n` : format(reply, context));
  };

  for (const { action, what, takesForce } of actions) {
    const command = program
      .command(action)
      .description(what)
      .argument('<worker>')
      .option('--reason <text>', 'why, for log and audit');
    if (takesForce === true) command.option('--force', 'aborts the run in progress instead of letting it finish');
    command.action((worker: string, fields: Fields) =>
      change('POST', `/workers/${encodeURIComponent(worker)}/${action}`, fields, ({ json }, { columns }) =>
        table(workerHeadings, [workerCells(json as WorkerReport)], columns),
      ),
    );
  }
  program
    .command('log-level')
    .description('sets the level of a logger; inherit takes it back')
    .argument('<logger>')
    .argument('<level>', 'trace, debug, info, warn, error, fatal, silent or inherit')
    .option('--for <duration>', 'after how long it is taken back, such as 10m')
    .option('--reason <text>', 'why, for log and audit')
    .action((logger: string, level: string, fields: Fields) =>
      change(
        'PUT',
        `/loggers/${encodeURIComponent(logger)}`,
        { level, ...fields },
        () => `${plain(`${logger}: ${level}`)}\n`,
      ),
    );
  program
    .command('shutdown')
    .description('stops the application')
    .option('--force', 'aborts what runs instead of letting it finish')
    .option('--reason <text>', 'why, for log and audit')
    .action((fields: Fields) => change('POST', '/shutdown', fields, () => 'it stops\n'));
}
