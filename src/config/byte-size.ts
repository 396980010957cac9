/** Units of a written byte size. `KB` counts by 1000, `KiB` by 1024. */
const bytesPerUnit: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1_000,
  MB: 1_000_000,
  GB: 1_000_000_000,
  KiB: 1_024,
  MiB: 1_048_576,
  GiB: 1_073_741_824,
};
const written = /^(\d+(?:\.\d+)?) ?(B|KB|MB|GB|KiB|MiB|GiB)$/;

/** A size in bytes: from a whole number of bytes, or a number with its unit: `'512B'`, `'64KiB'`, `'1.5MB'`. Undefined for anything else. */
export function parseByteSize(value: unknown): number | undefined {
  const bytes = typeof value === 'number' ? value : fromText(value);
  return bytes !== undefined && Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : undefined;
}

function fromText(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const [, amount, unit] = written.exec(value) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  // '1.1KB' is 1100 bytes, and not 1100.0000000000002.
  return Math.round(Number(amount) * (bytesPerUnit[unit] ?? 0) * 1_000) / 1_000;
}
