import { expect } from 'chai';
import type { StopReport } from 'plba';
import type { Case } from '../process/fixtures/cases.js';
import type { Program, ProgramOptions } from './child-process.js';

/** The stop report of a program that has ended. */
export function stopReportOf(program: Program): StopReport {
  const line = program.lines.find((each) => 'stop' in each);
  expect(line, `no stop report in:\n${program.output()}`).to.not.equal(undefined);
  return line?.['stop'] as StopReport;
}

/** The names of the workers that were told to stop, in the order of the first time. */
export function stopOrderOf(program: Program): string[] {
  return [...new Set(program.stderr.flatMap((line) => /^(\w+) told to stop/.exec(line)?.[1] ?? []))];
}

/** The command line, the environment and the standard output of a case. */
export function settingsOf({ env, settings = [], stdout }: Case): ProgramOptions {
  return { args: settings.flatMap((setting) => ['--set', setting]), env, ...(stdout !== undefined && { stdout }) };
}

/** Does what a case says, and expects what follows. */
export async function play(program: Program, row: Case): Promise<void> {
  let beganMs = performance.now();
  for (const { after, send } of row.steps ?? []) {
    await program.line(after);
    beganMs = performance.now();
    program.kill(send);
  }
  const end = await program.ended;
  const tookMs = performance.now() - beganMs;
  const output = program.output();
  expect(end, output).to.deep.equal({ code: row.code, signal: null });
  if (row.withinMs !== undefined) expect(tookMs, output).to.be.at.most(row.withinMs);
  if (row.order !== undefined) expect(stopOrderOf(program), output).to.deep.equal(row.order);
  for (const text of row.says ?? [])
    expect(output).to.match(typeof text === 'string' ? new RegExp(escape(text)) : text);
  for (const [text, times] of Object.entries(row.times ?? {})) {
    expect(output.split(text).length - 1, `"${text}" in:\n${output}`).to.equal(times);
  }
  if (row.reason !== undefined) expect(stopReportOf(program).reason, output).to.equal(row.reason);
  if (row.report !== undefined) {
    const results = Object.fromEntries(stopReportOf(program).workers.map(({ worker, result }) => [worker, result]));
    expect(results, output).to.include(row.report);
  }
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
