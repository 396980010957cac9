import { PlbaError } from '../errors.js';

/**
 * The values of all `--set key=value` and `--set=key=value`. Other arguments are the application's own.
 * @throws `CONFIG_INVALID` when the last one has no value
 */
export function readSet(argv: readonly string[]): string[] {
  const values: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    const argument = argv[at] ?? '';
    if (argument.startsWith('--set=')) values.push(argument.slice('--set='.length));
    if (argument !== '--set') continue;
    const value = argv[++at];
    if (value === undefined) {
      throw new PlbaError('CONFIG_INVALID', '--set stands at the end of the command line, without a value', {
        hint: '--set key=value',
      });
    }
    values.push(value);
  }
  return values;
}
