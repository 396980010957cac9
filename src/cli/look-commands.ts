import type { Command } from 'commander';
import type { AuditEntry } from '../contracts/audit.js';
import type { ConfigReport } from '../contracts/config-report.js';
import type { HealthReport } from '../contracts/health.js';
import type { LoggingReport } from '../contracts/log-report.js';
import type { ApplicationStatus, WorkerReport } from '../contracts/reports.js';
import type { RunRecord } from '../contracts/run.js';
import { formatDuration } from '../time/duration.js';
import type { CommandContext } from './command-context.js';
import { CommandFailure, exitCodes } from './command-failure.js';
import type { Reply } from './connection.js';
import { instantText, runHeadings, runRow, runRows, valueText, workerCells, workerHeadings } from './rows.js';
import { plain, plainJson, table } from './table.js';

type ContextOf = () => CommandContext;

/** The commands that only look. */
export function addLookCommands(program: Command, contextOf: ContextOf): void {
  const show = async (path: string, format: (reply: Reply, context: CommandContext) => string): Promise<void> => {
    const context = contextOf();
    const reply = await (await context.connect()).ask(path);
    context.write(context.isJson ? `${plainJson(reply.text)}\n` : format(reply, context));
  };

  program
    .command('status')
    .description('the application: state, uptime, modules, workers by state')
    .action(() => show('/status', ({ json }) => statusText(json as ApplicationStatus)));
  program
    .command('health')
    .description('health of the application or of a group; exits with 0 ok, 1 degraded, 2 unhealthy')
    .argument('[group]', 'live, ready, startup, or one of the application')
    .action((group?: string) => health(contextOf(), group));
  program
    .command('workers')
    .description('every worker')
    .action(() =>
      show('/workers', ({ json }, { columns }) =>
        table(workerHeadings, (json as WorkerReport[]).map(workerCells), columns),
      ),
    );
  program
    .command('worker')
    .description('one worker in full')
    .argument('<name>')
    .action((name: string) =>
      show(workerPath(name), ({ json }) => `${plainJson(JSON.stringify(json, undefined, 2))}\n`),
    );
  program
    .command('runs')
    .description('the ledger of a worker, newest run first, and how many runs are not kept between two')
    .argument('<name>')
    .option('--outcome <outcome>', 'only those that ended like this, of those that are kept')
    .option('--limit <count>', 'at most so many')
    .action((name: string, options: Record<string, string>) =>
      show(`${workerPath(name)}/runs${queryOf(options)}`, ({ json }, { columns }) =>
        table(runHeadings, (json as RunRecord[]).flatMap(options['outcome'] === undefined ? runRows : runRow), columns),
      ),
    );
  program
    .command('loggers')
    .description('the level of every logger')
    .action(() =>
      show('/loggers', ({ json }, { columns }) => {
        const rows = Object.entries((json as LoggingReport).loggers).map(
          ([name, { configured, effective, override }]) => [
            name,
            configured,
            effective,
            override === undefined ? undefined : instantText(override.until ?? 'taken back'),
            override?.by,
            override?.reason,
          ],
        );
        return table(['logger', 'configured', 'in force', 'until', 'set by', 'reason'], rows, columns);
      }),
    );
  program
    .command('config')
    .description('every value of the configuration that is in force, and where it came from')
    .option('--configured', 'only what somebody has configured, without defaults')
    .action(({ configured }: { configured?: boolean }) =>
      show('/config', ({ json }, context) => {
        const { values, refused } = json as ConfigReport;
        if (refused !== undefined) context.writeError(`plba: ${plain(refusedText(refused))}\n`);
        const rows = values
          .filter(({ isDefault }) => configured !== true || !isDefault)
          .map(({ path, value, source }) => [path, valueText(value), source]);
        return table(['path', 'value', 'source'], rows, context.columns);
      }),
    );
  program
    .command('audit')
    .description('who has changed what, newest first')
    .action(() =>
      show('/audit', ({ json }, { columns }) => {
        const rows = (json as AuditEntry[]).map((entry) => [
          instantText(entry.when),
          entry.who,
          whatText(entry.what),
          entry.code ?? entry.result,
          entry.reason,
          changeText(entry),
        ]);
        return table(['when', 'who', 'what', 'result', 'reason', 'before and after'], rows, columns);
      }),
    );
}

function refusedText({ at, by, reason }: NonNullable<ConfigReport['refused']>): string {
  return `a reload by ${by} was refused at ${instantText(at)}, and these are still in force: ${reason}`;
}

/** An action on a worker as this command line has it, which is shorter than its route; anything else as it is. */
function whatText(what: string): string {
  return what.replace(/^POST \/workers\/([^/]+)\/([a-z]+)$/, '$2 $1');
}

/** What was changed, where something was. */
function changeText({ before, after }: AuditEntry): string | undefined {
  const [from, to] = [valueText(before ?? null), valueText(after ?? null)];
  return from === to ? undefined : `${from} > ${to}`;
}

function workerPath(name: string): string {
  return `/workers/${encodeURIComponent(name)}`;
}

function queryOf(options: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(options).toString();
  return query === '' ? '' : `?${query}`;
}

function statusText({ name, state, since, uptimeMs, version, modules, workers, process }: ApplicationStatus): string {
  const counts = Object.entries(workers).map(([word, count]) => `${count} ${word}`);
  const lines = [
    `${name} is ${state} since ${instantText(since)}`,
    `up for ${formatDuration(uptimeMs)}, process ${process.pid} on ${process.host}, Node.js ${process.node}, PLBA ${version}`,
    `modules: ${modules.join(', ')}`,
    `workers: ${counts.join(', ') || 'none'}`,
  ];
  return lines.map((line) => `${plain(line)}\n`).join('');
}

const exitCodeOf = { ok: exitCodes.ok, degraded: exitCodes.degraded, unhealthy: exitCodes.unhealthy };

/** Health is answered with 503 when it is bad, which is no refusal. */
async function health(context: CommandContext, group: string | undefined): Promise<void> {
  const connection = await context.connect();
  const path = group === undefined ? '/health' : `/health/${encodeURIComponent(group)}`;
  const reply = await connection.look(path);
  const report = reply.json as Partial<HealthReport> | undefined;
  if (report?.status === undefined || !(report.status in exitCodeOf)) {
    await connection.ask(path);
    throw new CommandFailure(exitCodes.unreachable, 'what answers there is no application of PLBA');
  }
  const members = [...Object.entries(report.workers ?? {}), ...Object.entries(report.contributors ?? {})];
  const rows = members.map(([name, member]) => [name, member.status, member.reason]);
  const reason = report.reason === undefined ? '' : `: ${report.reason}`;
  const text = `${plain(report.status + reason)}\n${rows.length === 0 ? '' : table(['member', 'health', 'reason'], rows, context.columns)}`;
  context.write(context.isJson ? `${plainJson(reply.text)}\n` : text);
  context.exitWith(exitCodeOf[report.status]);
}
