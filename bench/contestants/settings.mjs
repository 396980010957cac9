// A configuration of so many keys, as a file and as a class, and how its loading is measured.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IsInt, IsString, Min } from 'class-validator';
import 'reflect-metadata';
import { cpuMicros, task, tell } from './measured.mjs';

const keys = Array.from({ length: task.amount }, (_, index) => `key${index}`);
const isNumber = (index) => index % 2 === 0;

/** The class of the section `big`: whole numbers and texts in turn. */
export class Big {}
keys.forEach((key, index) => {
  Reflect.defineMetadata('design:type', isNumber(index) ? Number : String, Big.prototype, key);
  if (!isNumber(index)) return IsString()(Big.prototype, key);
  IsInt()(Big.prototype, key);
  Min(0)(Big.prototype, key);
});

/** A folder with the file, `config/application.yaml`. */
export const directory = mkdtempSync(join(tmpdir(), 'plba-bench-'));
mkdirSync(join(directory, 'config'));
const lines = keys.map((key, index) => `  ${key}: ${isNumber(index) ? index : `text number ${index}`}`);
writeFileSync(join(directory, 'config', 'application.yaml'), `big:\n${lines.join('\n')}\n`);
process.on('exit', () => rmSync(directory, { recursive: true }));

/** Loads once, then again and again, and tells what the first time took and what one of the others. */
export async function loadMany(loadFirst, loadAgain) {
  const began = cpuMicros();
  await loadFirst();
  const firstMicros = cpuMicros() - began;
  for (let time = 0; time < 3; time++) await loadAgain();
  const times = 20;
  const before = cpuMicros();
  for (let time = 0; time < times; time++) await loadAgain();
  tell({ firstMicros, againMicros: (cpuMicros() - before) / times });
}
