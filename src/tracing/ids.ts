import { randomFillSync } from 'node:crypto';

const pool = Buffer.allocUnsafe(4096);
let used = pool.length;

/** A random trace id as W3C Trace Context wants it: 32 lower-case hexadecimal digits, not all zero. */
export function createTraceId(): string {
  return randomHex(16);
}

/** A random span id as W3C Trace Context wants it: 16 lower-case hexadecimal digits, not all zero. */
export function createSpanId(): string {
  return randomHex(8);
}

const onlyZeros = /^0+$/;

/**
 * So many random bytes in hexadecimal digits, not all zero.
 */
// One call for random bytes fills hundreds of ids. Each id is a string of its own: a slice of a longer one would keep all
// of it in memory for as long as a ledger remembers the id.
export function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const hex = pool.toString('hex', used, used + bytes);
  used += bytes;
  return onlyZeros.test(hex) ? randomHex(bytes) : hex;
}
