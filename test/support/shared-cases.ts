import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = resolve(__dirname, '../../../shared/data/cases');

/** A collection of cases that lies beside the project and is no part of it; undefined where it does not. */
export function sharedCases(file: string): unknown {
  const path = join(folder, file);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as unknown) : undefined;
}

/** Declares tests over a collection, or one pending test that says what is not there. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- whoever declares the tests knows the shape
export function withSharedCases<T>(file: string, declare: (cases: T) => void): void {
  const cases = sharedCases(file) as T | undefined;
  if (cases === undefined) it(`needs ../shared/data/cases/${file}, which is not here`);
  else declare(cases);
}
