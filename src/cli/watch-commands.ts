import type { Command } from 'commander';
import type { HealthReport } from '../contracts/health.js';
import type { ApplicationStatus, WorkerReport } from '../contracts/reports.js';
import { formatDuration } from '../time/duration.js';
import type { CommandContext } from './command-context.js';
import type { Connection } from './connection.js';
import { workerCells, workerHeadings } from './rows.js';
import { plain, table } from './table.js';

/** The commands that go on until they are broken off. */
export function addWatchCommands(program: Command, contextOf: () => CommandContext): void {
  program
    .command('events')
    .description('what happens, as it happens, a line of JSON each')
    .action(async () => {
      const context = contextOf();
      const connection = await context.connect();
      let text = '';
      await connection.follow('/events', context.end, (piece) => {
        text += piece;
        const whole = text.lastIndexOf('\n') + 1;
        for (const line of text.slice(0, whole).split('\n'))
          if (line.startsWith('data: ')) context.write(`${line.slice('data: '.length)}\n`);
        text = text.slice(whole);
      });
    });
  program
    .command('top')
    .description('the workers, drawn anew every second, until Ctrl-C; once where there is no terminal')
    .action(() => top(contextOf()));
}

const clearScreen = '\u001b[H\u001b[J';

async function top(context: CommandContext): Promise<void> {
  const connection = await context.connect();
  for (;;) {
    const screen = await draw(connection, context.columns);
    context.write(context.columns === undefined ? screen : clearScreen + screen);
    if (context.columns === undefined || context.end.aborted) return;
    await aSecond(context.end);
  }
}

async function draw(connection: Connection, columns: number | undefined): Promise<string> {
  const [status, health, workers] = await Promise.all([
    connection.ask('/status'),
    connection.look('/health'),
    connection.ask('/workers'),
  ]);
  const { name, state, uptimeMs, process } = status.json as ApplicationStatus;
  const { status: word, reason } = health.json as HealthReport;
  const memory = `${Math.round(process.rssBytes / 1024 / 1024)} MiB`;
  const title = `${name} ${state}, ${word}${reason === undefined ? '' : ` (${reason})`}, up ${formatDuration(uptimeMs)}, ${memory}`;
  return `${plain(title)}\n\n${table(workerHeadings, (workers.json as WorkerReport[]).map(workerCells), columns)}`;
}

/** A command has no clock of an application. */
function aSecond(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, 1_000);
    signal.addEventListener('abort', wake);
    if (signal.aborted) wake();
  });
}
