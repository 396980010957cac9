/**
 * Chance that can be replayed: the same seed gives the same numbers, 0 (inclusive) to 1.
 * The generator is mulberry32 by Tommy Ettinger: 32 bits of state, good enough to mix up schedules, useless for secrets.
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A seed that nobody chose: a whole number of at most nine digits. */
export function chanceSeed(): number {
  return Math.floor(Math.random() * 1_000_000_000);
}
