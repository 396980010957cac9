import { Command, CommanderError } from 'commander';
import { version } from '../application/version.js';
import { addChangeCommands } from './change-commands.js';
import type { CommandContext, CommandSurroundings } from './command-context.js';
import { CommandFailure, exitCodes } from './command-failure.js';
import { addCompletionCommand } from './completion-command.js';
import { Connection } from './connection.js';
import { findTarget, type TargetOptions } from './find-target.js';
import { addLookCommands } from './look-commands.js';
import { addNewCommand } from './new-command.js';
import { addPlanCommands } from './plan-commands.js';
import { plain } from './table.js';
import { addWatchCommands } from './watch-commands.js';

/** Does what a command line says, and answers the exit code. Never rejects. */
export async function runCommandLine(args: readonly string[], surroundings: CommandSurroundings): Promise<number> {
  let exitCode: number = exitCodes.ok;
  const program = describeCommands(surroundings, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    return giveUp(error, surroundings);
  }
}

/** All commands, with their options and arguments. */
export function describeCommands(surroundings: CommandSurroundings, exitWith: (code: number) => void): Command {
  const program = new Command('plba')
    .description(
      'looks into a running application of PLBA and steers it; checks, draws and makes one that does not run',
    )
    .version(version, '-V, --version', 'the version of PLBA')
    .option('--url <address>', 'where its control plane listens, with the token in PLBA_TOKEN (default: PLBA_URL)')
    .option('--socket <path>', 'its Unix socket')
    .option('--app <name>', 'its name, where several run')
    .option('--json', 'for scripts: the answer as it came')
    .showHelpAfterError('  plba --help lists the commands, plba <command> --help says what one takes')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        surroundings.write(text);
      },
      writeErr: (text) => {
        surroundings.writeError(text);
      },
    });
  const contextOf = (): CommandContext => {
    const options = program.opts<TargetOptions & { json?: boolean }>();
    return {
      ...surroundings,
      get columns() {
        return surroundings.columns;
      },
      get rows() {
        return surroundings.rows;
      },
      isJson: options.json === true,
      connect: async () => {
        const say = (text: string): void => {
          surroundings.writeError(`plba: ${plain(text)}\n`);
        };
        return new Connection(await findTarget(options, surroundings.env, say));
      },
      exitWith,
    };
  };
  addLookCommands(program, contextOf);
  addChangeCommands(program, contextOf);
  addWatchCommands(program, contextOf);
  addPlanCommands(program, contextOf);
  addNewCommand(program, contextOf);
  addCompletionCommand(program, contextOf);
  return program;
}

function giveUp(error: unknown, surroundings: CommandSurroundings): number {
  // Commander has said already what is wrong, or has shown its help.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  const message = error instanceof Error ? error.message : String(error);
  surroundings.writeError(`plba: ${plain(message)}\n`);
  if (!(error instanceof CommandFailure)) return exitCodes.refused;
  if (error.hint !== undefined) surroundings.writeError(`  ${plain(error.hint)}\n`);
  return error.exitCode;
}
