import type { Newable } from 'inversify';
import type { ApplicationModule } from '../contracts/application.js';
import type { ExitCode } from '../contracts/stop-report.js';
import { ConfigurationError } from '../config/violation.js';
import { PlbaError } from '../errors.js';
import { summarizeError } from '../plain/error-summary.js';
import { listenToProcess } from '../lifecycle/process-events.js';
import { formatStopReport } from '../lifecycle/stop-report-text.js';
import { visibleText } from '../logging/visible.js';
import type { Scrub } from '../secrets/scrub.js';
import { listenerAtFault } from '../time/named-abort.js';
import type { ApplicationOptions } from './application.js';
import { assemble } from './assemble.js';
import { AssembledApplication } from './assembled-application.js';
import { handOver } from './hand-over.js';
import { ProcessGuard } from './process-guard.js';
import { readSet } from './set-arguments.js';
import { StopSignals } from './stop-signals.js';

/** Options of {@link runApplication}. */
export interface RunApplicationOptions extends ApplicationOptions {
  /** Arguments of the command line; `--set key=value` is configuration. Default: those of the process. */
  readonly argv?: readonly string[];
}

/**
 * Runs an application as a process: loads its configuration, starts it, takes SIGTERM and SIGINT for the stop ladder, and
 * ends the process with the exit code that the outcome deserves: 0 clean, 1 failed to start, 2 configuration invalid,
 * 3 a critical worker or the process was lost, 4 something was abandoned.
 *
 * A second signal aborts what still drains, a third ends the process at once.
 */
export async function runApplication(
  root: Newable<ApplicationModule>,
  options: RunApplicationOptions = {},
): Promise<void> {
  const readArguments = (): string[] => readSet(options.argv ?? process.argv.slice(2));
  if (handOver(root, { ...options, readArguments })) return new Promise(() => undefined);
  const guard = new ProcessGuard();
  guard.exit(await run(root, options, guard));
}

/** Before configuration is looked at. */
const nothingIsSecretYet: Scrub = (text) => text;

async function run(
  root: Newable<ApplicationModule>,
  options: RunApplicationOptions,
  guard: ProcessGuard,
): Promise<ExitCode> {
  let application: AssembledApplication;
  try {
    const set = [...readSet(options.argv ?? process.argv.slice(2)), ...(options.set ?? [])];
    const assembly = assemble(root);
    guard.application = assembly.name;
    application = new AssembledApplication(assembly, { ...options, set, process: guard });
  } catch (error) {
    return giveUp(root.name, error, nothingIsSecretYet);
  }
  const scrub: Scrub = (text) => application.scrub(text);
  const signals = new StopSignals(application, guard);
  const stopListening = listenToProcess({
    onStopSignal: (signal, count) => {
      signals.receive(signal, count);
    },
    onHangUp: () => {
      void application.reload('SIGHUP');
    },
    onDebugSignal: () => {
      application
        .logger()
        ?.warn('SIGUSR1 is ignored: it opens no debugger here; start the process with --inspect for one');
    },
    onFatalError: (error, origin, count) => {
      const whose = listenerAtFault();
      const where = whose === undefined ? '' : `, thrown by a listener to the abort of ${whose}`;
      const text = `fatal process error${where}: ${summarizeError(error).message}`;
      const log = application.logger();
      if (log === undefined) sayOnStandardError(application.name, text, error, scrub);
      else log.fatal({ err: error, origin }, text);
      if (count === 2) guard.exit(3);
      void application.end({ kind: 'process-error', error });
      application.hurry();
    },
  });
  try {
    await application.start();
    const report = await application.ended;
    // The last thing that an operator sees. In a log file the same is in the fields of the last line.
    if (process.stdout.isTTY) process.stdout.write(`${scrub(formatStopReport(report))}\n`);
    return report.exitCode;
  } catch (error) {
    const stopped = await application.end({ kind: 'start-failed', error });
    if (error instanceof PlbaError && error.code === 'START_ABORTED') return stopped.exitCode;
    return giveUp(application.name, error, scrub);
  } finally {
    stopListening();
  }
}

/** The application did not come up: says why. */
function giveUp(application: string, error: unknown, scrub: Scrub): ExitCode {
  const { message, code } = summarizeError(error);
  sayOnStandardError(application, `did not start: ${message}`, error, scrub);
  return code === 'CONFIG_INVALID' ? 2 : 1;
}

/** Says what there is no log for (yet), where a person or a log collector finds it. */
function sayOnStandardError(application: string, msg: string, error: unknown, scrub: Scrub): void {
  const { code, hint, causes } = summarizeError(error);
  const violations = error instanceof ConfigurationError ? error.violations : undefined;
  if (process.stderr.isTTY) {
    const lines = [`${application} ${msg}`, ...(causes ?? []).map((cause) => `  because: ${cause}`)];
    if (hint !== undefined) lines.push(`  hint: ${hint}`);
    const text = scrub(lines.join('\n'));
    process.stderr.write(`${text.split('\n').map(visibleText).join('\n')}\n`);
    return;
  }
  const line = { level: 'fatal', time: new Date().toISOString(), application, msg, code, hint, causes, violations };
  process.stderr.write(`${scrub(JSON.stringify(line))}\n`);
}
