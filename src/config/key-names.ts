import { distance } from 'fastest-levenshtein';

/** A key as it stands in the name of an environment variable: `batchSize` and `batch-size` are `BATCH_SIZE`. */
export function constantCase(key: string): string {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase();
}

/** The environment variable of a path. */
export function environmentName(path: readonly string[]): string {
  return path.map(constantCase).join('__');
}

/** The known word that is nearest to a mistyped one; undefined when none is near. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const wanted = constantCase(word);
  let best: string | undefined;
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of known) {
    const changes = distance(wanted, constantCase(candidate));
    if (changes < least) [best, least] = [candidate, changes];
  }
  return best;
}
