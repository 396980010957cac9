import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = resolve(__dirname, '../../../shared/data/cases');

/** A collection of cases that lies beside the project and is no part of it; undefined where it does not. */
export function sharedCases<T>(file: string): T | undefined {
  const path = join(folder, file);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as T) : undefined;
}

/** Declares tests over a collection, or one pending test that says what is not there. */
export function withSharedCases<T>(file: string, declare: (cases: T) => void): void {
  const cases = sharedCases<T>(file);
  if (cases === undefined) it(`needs ../shared/data/cases/${file}, which is not here`);
  else declare(cases);
}
