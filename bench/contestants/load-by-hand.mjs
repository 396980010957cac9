// Loads the same file by hand: parsed, made an instance, validated. No layers, no places, no check for unknown keys.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Big, directory, loadMany } from './settings.mjs';

async function load() {
  const [{ load: parse }, { plainToInstance }, { validate }] = await Promise.all([
    import('js-yaml'),
    import('class-transformer'),
    import('class-validator'),
  ]);
  const plain = parse(await readFile(join(directory, 'config', 'application.yaml'), 'utf8'));
  const errors = await validate(plainToInstance(Big, plain.big));
  if (errors.length > 0) throw new Error(String(errors[0]));
}
await loadMany(load, load);
