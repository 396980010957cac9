/** The middle one, or the mean of the two in the middle. */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The smallest value that so large a `part` of the values does not exceed: 0.99 is the 99th percentile, 1 the largest. */
export function percentile(values, part) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)];
}

/** How far the values lie apart: (largest - smallest) / median. */
export function spread(values) {
  return (Math.max(...values) - Math.min(...values)) / median(values);
}

/**
 * How many times `figure` of `one` is that of `other`: the median of what it was in each round. Neighbours in time had the same
 * machine, so this is steadier than the ratio of the medians.
 */
export function ratio(one, other, figure) {
  return median(one.rounds.map((round, at) => round[figure] / other.rounds[at][figure]));
}

/**
 * Measures contestants in turns (A B C A B C), so that whatever else the machine does meets all of them.
 *
 * @param contestants `{ name, measure: () => Promise<Record<string, number>> }`
 * @returns for each name the median of each figure, the spread of the first one, and the figures of each round
 */
export async function inTurns(contestants, rounds, onProgress = () => undefined) {
  const taken = new Map(contestants.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const { name, measure } of contestants) {
      onProgress(`${name}, round ${round} of ${rounds}`);
      taken.get(name).push(await measure());
    }
  }
  return new Map(
    [...taken].map(([name, figures]) => {
      const names = Object.keys(figures[0]);
      const medians = Object.fromEntries(names.map((each) => [each, median(figures.map((figure) => figure[each]))]));
      return [name, { ...medians, spread: spread(figures.map((figure) => figure[names[0]])), rounds: figures }];
    }),
  );
}
