import type { OpenResource } from '../contracts/stop-report.js';

/** A resource before those that are alike are counted. */
type Described = Omit<OpenResource, 'count' | 'owner'>;

/** What Node.js knows only by name. What it has a handle of, {@link describe} knows better. */
const nameless: Readonly<Record<string, string>> = {
  Timeout: 'timer',
  Immediate: 'immediate',
  FSReqCallback: 'file operation',
  FSReqPromise: 'file operation',
  GetAddrInfoReqWrap: 'name lookup',
};

/** A handle of Node.js, as far as it says what it is. */
interface Handle {
  readonly constructor: { readonly name: string };
  readonly fd?: unknown;
  readonly pid?: unknown;
  readonly spawnfile?: unknown;
  readonly remoteAddress?: unknown;
  readonly remotePort?: unknown;
  address?(): unknown;
}

/**
 * What keeps the process alive: timers by their number, and whatever has a handle by what it is. Node.js does not list
 * threads, so they are given.
 * @param threads how many there are
 * @param owner whoever all of it belongs to, as far as that is known
 */
export function openResources(threads: number, owner: string | undefined): OpenResource[] {
  const handles = activeHandles().flatMap(look).filter(isOpen);
  const others = process.getActiveResourcesInfo().flatMap((name) => nameless[name] ?? []);
  const described: Described[] = [
    ...handles,
    ...[...others, ...Array<string>(threads).fill('thread')].map((kind) => ({ kind })),
  ];
  return countAlike(described).map((resource) => (owner === undefined ? resource : { ...resource, owner }));
}

/** An open resource in words. */
export function describeResource({ kind, what, count }: OpenResource): string {
  const name = what === undefined ? kind : `${kind} ${what}`;
  return count === 1 ? name : `${count} times ${name}`;
}

/** There is no documented way to them. Where the undocumented one is gone, the list is shorter. */
function activeHandles(): readonly Handle[] {
  const { _getActiveHandles: ask } = process as unknown as { _getActiveHandles?: () => readonly Handle[] };
  return typeof ask === 'function' ? ask.call(process) : [];
}

/** What a handle is, unless it is one of the process's own: standard input, output and error. Nobody has to close these. */
function look(handle: Handle): Described[] {
  try {
    const { fd } = handle;
    return fd === 0 || fd === 1 || fd === 2 ? [] : [describe(handle)];
  } catch {
    // A class of the application's own, which throws when it is looked at.
    return [{ kind: 'something that cannot be read' }];
  }
}

/** A server that listens nowhere has been closed, and only its handle has not heard of it yet. */
function isOpen({ kind, what }: Described): boolean {
  return kind !== 'server' || what !== undefined;
}

function describe(handle: Handle): Described {
  const { remoteAddress, remotePort, spawnfile, pid } = handle;
  switch (handle.constructor.name) {
    case 'ChildProcess':
      return { kind: 'child process', what: `${text(spawnfile)} with pid ${text(pid)}` };
    case 'FSWatcher':
    case 'StatWatcher':
      return { kind: 'file watcher' };
    case 'Server':
      return { kind: 'server', ...listening(handle) };
    case 'Socket':
      // A datagram socket has a method of this name, a connection has an address.
      if (typeof remoteAddress === 'function') return { kind: 'datagram socket', ...listening(handle) };
      if (typeof remoteAddress !== 'string') return { kind: 'pipe' };
      return { kind: 'socket', what: `to ${place(remoteAddress, remotePort)}` };
    default:
      return { kind: handle.constructor.name };
  }
}

function listening(handle: Handle): Pick<Described, 'what'> {
  try {
    const address = handle.address?.();
    if (typeof address === 'string') return { what: `on ${address}` };
    const { address: host, port } = address as { readonly address: unknown; readonly port: unknown };
    return { what: `on ${place(host, port)}` };
  } catch {
    // It listens nowhere (any more).
    return {};
  }
}

function place(host: unknown, port: unknown): string {
  const name = text(host);
  return `${name.includes(':') ? `[${name}]` : name}:${text(port)}`;
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '?';
}

function countAlike(described: readonly Described[]): OpenResource[] {
  const counted = new Map<string, OpenResource>();
  for (const each of described) {
    const name = `${each.kind} ${each.what ?? ''}`;
    counted.set(name, { ...each, count: (counted.get(name)?.count ?? 0) + 1 });
  }
  return [...counted.values()];
}
