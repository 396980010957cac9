import type { Command } from 'commander';
import type { ReloadReport } from '../contracts/config-report.js';
import type { LoggerReport } from '../contracts/log-report.js';
import type { WorkerReport } from '../contracts/reports.js';
import type { CommandContext } from './command-context.js';
import type { Connection, Reply } from './connection.js';
import { instantText, valueText, workerCells, workerHeadings } from './rows.js';
import { plain, plainJson, table } from './table.js';

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
    const connection = await context.connect();
    // Said first, so that it is known also when it is refused, or does not answer any more.
    context.writeError(`plba: acting on ${plain(await whoIsAt(connection))}\n`);
    const reply = await connection.change(method, path, fields);
    context.write(context.isJson ? `${plainJson(reply.text)}\n` : format(reply, context));
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
        ({ json }) => `${plain(`${logger}: ${level}${untilText(json as LoggerReport)}`)}\n`,
      ),
    );
  program
    .command('reload')
    .description('reads the configuration again: all of it counts, or nothing')
    .option('--reason <text>', 'why, for log and audit')
    .action((fields: Fields) =>
      change('POST', '/config/reload', fields, ({ json }, { columns }) => {
        const { changes } = json as ReloadReport;
        const rows = changes.map(({ path, before, after, effect }) => [
          path,
          valueText(before ?? null),
          valueText(after ?? null),
          effect,
        ]);
        return rows.length === 0
          ? 'nothing has changed\n'
          : table(['path', 'before', 'after', 'effect'], rows, columns);
      }),
    );
  program
    .command('shutdown')
    .description('stops the application')
    .option('--force', 'aborts what runs instead of letting it finish')
    .option('--reason <text>', 'why, for log and audit')
    .action((fields: Fields) => change('POST', '/shutdown', fields, () => 'it stops\n'));
}

/** The name of the application, and where it was reached. */
async function whoIsAt(connection: Connection): Promise<string> {
  const { json } = await connection.look('/status');
  const { name } = (json ?? {}) as { name?: string };
  return name === undefined ? connection.where : `${name} at ${connection.where}`;
}

function untilText({ override }: LoggerReport): string {
  return override?.until === undefined ? '' : ` until ${instantText(override.until)}`;
}
