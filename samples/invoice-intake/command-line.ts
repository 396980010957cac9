import { parseArgs } from 'node:util';

/** What stands on the command line. */
export interface CommandLine {
  /** `--once`: take in what is there, and end. */
  readonly once: boolean;
  /** `--inbox DIR`. */
  readonly inbox?: string;
  /** `--report FILE`. */
  readonly report?: string;
  /** `--help`. */
  readonly help: boolean;
}

/** What to say to `--help`, and to whoever needs it. */
export const usage = `Takes electronic invoices from a folder into a ledger.

  --inbox DIR      the folder to take them from
  --once           take in what is there, and end
  --report FILE    write there, as JSON, what became of each file
  --set KEY=VALUE  any setting, such as --set invoices.quietMs=5000
  --help           this text
`;

/**
 * Reads the command line.
 * @throws {TypeError} with a message for people, for an argument that is unknown, doubled or without its value
 */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { values } = parseArgs({
    args: [...args],
    options: {
      once: { type: 'boolean', default: false },
      inbox: { type: 'string', multiple: true },
      report: { type: 'string', multiple: true },
      set: { type: 'string', multiple: true }, // read by the platform
      help: { type: 'boolean', default: false },
    },
  });
  const inbox = onlyOne('--inbox', values.inbox);
  const report = onlyOne('--report', values.report);
  return {
    once: values.once,
    help: values.help,
    ...(inbox !== undefined && { inbox }),
    ...(report !== undefined && { report }),
  };
}

function onlyOne(name: string, values: readonly string[] = []): string | undefined {
  if (values.length > 1) throw new TypeError(`Option '${name}' is given ${values.length} times`);
  if (values[0] === '') throw new TypeError(`Option '${name}' is empty`);
  return values[0];
}

/** The configuration that a command line amounts to. It wins over every other source. */
export function configurationOf({ once, inbox, report }: CommandLine): Record<string, unknown> {
  return {
    invoices: { ...(inbox !== undefined && { inbox }), ...(report !== undefined && { reportFile: report }) },
    ...(once && { plba: runOnce }),
  };
}

/** The same workers, each run once, one after the other; nobody looks in on a program that ends by itself. */
const runOnce = {
  control: { enabled: false },
  workers: {
    database: { trigger: 'once' },
    intake: { trigger: 'once', timeout: '24h' },
    report: { trigger: 'once', needs: ['intake'] },
  },
  // The report is up when the intake has ended, and that takes as long as there are files.
  start: { timeout: '24h' },
};
