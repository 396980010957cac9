import { spawnSync } from 'node:child_process';

/** Whether Prometheus's own checker is on this machine. */
export const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

/** Skips the tests of a suite visibly where the checker is missing. Debian has it in the package `prometheus`. */
export function needsPromtool(this: Mocha.Context): void {
  if (hasPromtool) return;
  console.warn('      SKIPPED: promtool is not installed (Debian package "prometheus"): the text is not checked by it');
  this.skip();
}

/** Runs the checker. Answers what it complains about; empty when nothing. */
export function promtool(args: readonly string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync('promtool', args, { input, encoding: 'utf8' });
  return status === 0 ? '' : `${stdout}${stderr}` || `exit code ${status}`;
}
