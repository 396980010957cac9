/** What the page shows, as its address says behind the `#`. */
export type Place =
  | { readonly kind: 'overview' | 'start' | 'configuration' | 'loggers' | 'audit' }
  | { readonly kind: 'worker'; readonly name: string; readonly run: string | undefined };

/** The sections of the page, in their order. */
export const sections = [
  { kind: 'overview', title: 'Overview' },
  { kind: 'start', title: 'Start and needs' },
  { kind: 'configuration', title: 'Configuration' },
  { kind: 'loggers', title: 'Loggers' },
  { kind: 'audit', title: 'Audit' },
] as const;

/** The place that an address means; the overview when it means none. */
export function placeOf(hash: string): Place {
  const [kind, name, run] = hash.replace(/^#\/?/, '').split('/').map(decode);
  if (kind === 'workers' && name !== undefined && name !== '') return { kind: 'worker', name, run };
  return { kind: sections.find((section) => section.kind === kind)?.kind ?? 'overview' };
}

/** The address of a place. */
export function addressOf(place: Place): string {
  if (place.kind === 'overview') return '#/';
  if (place.kind !== 'worker') return `#/${place.kind}`;
  const run = place.run === undefined ? '' : `/${encodeURIComponent(place.run)}`;
  return `#/workers/${encodeURIComponent(place.name)}${run}`;
}

/** The address of a worker. */
export function workerAddress(name: string): string {
  return addressOf({ kind: 'worker', name, run: undefined });
}

/** A part of an address as it was before it was put there. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
