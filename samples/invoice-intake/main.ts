// Shows a whole business application: electronic invoices from a folder into a ledger in PostgreSQL. Its business knows nothing
// of PLBA; invoice-module.ts is where the two meet, and workers/ is all that it takes. Ctrl-C stops it. See README.md.
import 'reflect-metadata';
import { runApplication } from 'plba';
import { type CommandLine, configurationOf, readCommandLine, usage } from './command-line.js';
import { InvoiceModule } from './invoice-module.js';

function main(): void {
  let commandLine: CommandLine;
  try {
    commandLine = readCommandLine(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}`);
    process.exitCode = 2;
    return;
  }
  if (commandLine.help) process.stdout.write(usage);
  else void runApplication(InvoiceModule, { directory: __dirname, config: configurationOf(commandLine) });
}

main();
