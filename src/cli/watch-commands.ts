import type { Command } from 'commander';
import type { HealthReport } from '../contracts/health.js';
import type { ApplicationStatus, WorkerReport } from '../contracts/reports.js';
import { formatDuration } from '../time/duration.js';
import type { CommandContext } from './command-context.js';
import type { Connection } from './connection.js';
import { workerCells, workerHeadings } from './rows.js';
import { cut, plain, plainJson, table } from './table.js';

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
          if (line.startsWith('data: ')) context.write(`${plainJson(line.slice('data: '.length))}\n`);
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
    const screen = await draw(connection, context);
    context.write(context.columns === undefined ? screen : clearScreen + screen);
    if (context.columns === undefined || context.end.aborted) return;
    await aSecond(context.end);
  }
}

async function draw(connection: Connection, { columns, rows }: CommandContext): Promise<string> {
  const [status, health, answer] = await Promise.all([
    connection.ask('/status'),
    connection.look('/health'),
    connection.ask('/workers'),
  ]);
  const { name, state, uptimeMs, process } = status.json as ApplicationStatus;
  const { status: word, reason } = health.json as HealthReport;
  const memory = `${Math.round(process.rssBytes / 1024 / 1024)} MiB`;
  const title = `${name} ${state}, ${word}${reason === undefined ? '' : ` (${reason})`}, up ${formatDuration(uptimeMs)}, ${memory}`;
  const { shown, left } = fitting(answer.json as WorkerReport[], rows);
  const rest = left === 0 ? '' : `and ${left} more that are no worse: plba workers`;
  return `${cut(plain(title), columns)}\n\n${table(workerHeadings, shown.map(workerCells), columns)}${rest}`;
}

/** Title, empty line, headings, the line below the table, and the one that the cursor is on. */
const otherLines = 5;
const worstFirst = ['unhealthy', 'degraded', 'ok'];

/** What fits on the screen: all as they are, or else the worst. */
function fitting(workers: readonly WorkerReport[], rows = Infinity): { shown: readonly WorkerReport[]; left: number } {
  const places = Math.max(1, rows - otherLines);
  if (workers.length <= places) return { shown: workers, left: 0 };
  const rank = ({ health }: WorkerReport): number => worstFirst.indexOf(health.status);
  return { shown: [...workers].sort((a, b) => rank(a) - rank(b)).slice(0, places), left: workers.length - places };
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
