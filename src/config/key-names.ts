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
    const distance = editDistance(wanted, constantCase(candidate), least);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

// Levenshtein distance, row by row.
function editDistance(a: string, b: string, tooFar: number): number {
  if (Math.abs(a.length - b.length) >= tooFar) return tooFar;
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, replaced));
    }
    row = next;
  }
  return row[b.length] ?? tooFar;
}
