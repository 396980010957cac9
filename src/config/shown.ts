import type { Raw } from './raw.js';

/** A value as a report shows it. */
export function show(value: unknown): string {
  if (typeof value === 'object' && value !== null)
    return Array.isArray(value) ? `a list of ${value.length}` : 'an object';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  // Not the beginning of a long one: half of a secret would not be known as one.
  return text.length > 80 ? `a text of ${text.length} characters` : text;
}

/** What may be said of a value that must not be shown. */
export function shapeOf(raw: Raw): string {
  if (raw.kind === 'map') return 'an object';
  if (raw.kind === 'list') return `a list of ${raw.items.length}`;
  return raw.value === null ? 'null' : `a ${typeof raw.value} (not shown)`;
}

/** The names there are, where they are few enough to help. */
export function listOf(names: ReadonlySet<string>): string | undefined {
  return names.size === 0 || names.size > 20 ? undefined : `known are: ${[...names].join(', ')}`;
}

/** The data of something that was read, without its origins. */
export function plain(raw: Raw): unknown {
  if (raw.kind === 'value') return raw.value;
  if (raw.kind === 'list') return raw.items.map(plain);
  return Object.fromEntries([...raw.entries].map(([key, value]) => [key, plain(value)]));
}
