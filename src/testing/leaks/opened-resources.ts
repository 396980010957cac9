import { createHook, executionAsyncResource } from 'node:async_hooks';
import { captureDeepOrigin, formatForeignOrigin, isForeign, isOfLibrary, type Origin } from '../origin.js';
import type { Leak, LeakKind } from './leak.js';

/** What Node.js hands to an async hook for the kinds that are watched. None of it is there for certain. */
interface Resource {
  hasRef?(): boolean | undefined;
  getpeername?(into: Address): number;
  getsockname?(into: Address): number;
  readonly _destroyed?: boolean;
  readonly _idleTimeout?: number;
  readonly _repeat?: number | null;
}

interface Address {
  address?: string;
  port?: number;
}

interface Opened {
  readonly kind: LeakKind;
  readonly type: string;
  /** Held weakly: what nobody holds any more is not open. */
  readonly resource: WeakRef<Resource>;
  readonly origin: Origin;
  readonly cause: Origin | undefined;
}

/** The resources of Node.js that can be left behind, by the names that async hooks use. */
const kinds: Readonly<Record<string, LeakKind>> = {
  Timeout: 'timer',
  TCPWRAP: 'socket',
  TCPSERVERWRAP: 'socket',
  PIPEWRAP: 'socket',
  PIPESERVERWRAP: 'socket',
  UDPWRAP: 'socket',
  WORKER: 'thread',
  MESSAGEPORT: 'message port',
  PROCESSWRAP: 'child process',
  FSEVENTWRAP: 'file watcher',
  STATWATCHER: 'file watcher',
};

/** What Node.js does on the way to opening something, which ends the stack: the code that asked for it is further back. */
const steps: ReadonlySet<string> = new Set(['TickObject', 'GETADDRINFOREQWRAP']);

/** So many notes are kept before those of what has been closed are thrown away. */
const notesBeforeTidying = 1_000;

/** The timers, sockets, threads and the like that were opened in one scope. */
export class OpenedResources {
  private opened: Opened[] = [];
  private tidyAt = notesBeforeTidying;

  /**
   * Takes down what is being opened. `type` as in async hooks; what cannot be left behind is ignored.
   *
   * @param cause where the step was asked for that opens it, if Node.js takes one
   */
  note(type: string, resource: object, origin: Origin, cause?: Origin): void {
    const kind = kinds[type];
    if (kind === undefined) return;
    this.opened.push({ kind, type, resource: new WeakRef<Resource>(resource), origin, cause });
    if (this.opened.length < this.tidyAt) return;
    this.opened = this.opened.filter(isOpen);
    this.tidyAt = Math.max(notesBeforeTidying, 2 * this.opened.length);
  }

  /** What is still open. The pipes of a child process go with the process. */
  leaks(): Leak[] {
    const open = this.opened.filter(isOpen).map((each) => ({ ...describe(each), type: each.type }));
    const processes = new Set(open.filter(({ kind }) => kind === 'child process').map(({ origin }) => origin));
    return open
      .filter(({ type, origin }) => type !== 'PIPEWRAP' || !processes.has(origin))
      .map(({ kind, what, origin }) => ({ kind, what, origin }));
  }
}

/** Takes down every resource that is opened, with whoever `current` names. Answers how to end that. */
export function watchResources(current: () => OpenedResources | undefined): () => void {
  const origins = new WeakMap<object, Origin>();
  const init = (_id: number, type: string, _trigger: number, resource: object): void => {
    // Nearly all of them are promises.
    if (type === 'PROMISE') return;
    if (steps.has(type) && current() !== undefined) origins.set(resource, captureDeepOrigin(init));
    if (!(type in kinds)) return;
    current()?.note(type, resource, captureDeepOrigin(init), origins.get(executionAsyncResource()));
  };
  const hook = createHook({ init }).enable();
  return () => hook.disable();
}

/**
 * Whether something would keep the process alive; and of what would not, the interval that an application's own code has
 * set: it goes on after the stop, unseen. What a library does with such intervals is the library's own business.
 */
function isOpen({ kind, resource, origin }: Opened): boolean {
  const held = resource.deref();
  if (held === undefined) return false;
  if (kind !== 'timer') return held.hasRef?.() === true;
  if (held._destroyed !== false) return false;
  return held.hasRef?.() === true || (isInterval(held) && !isOfLibrary(origin));
}

function isInterval({ _repeat }: Resource): boolean {
  return _repeat !== null && _repeat !== undefined;
}

function describe({ kind, type, resource, origin, cause }: Opened): Leak {
  const from = cause === undefined || isForeign(origin) ? origin : cause;
  return { kind, what: nameOf(type, resource.deref() ?? {}), origin: formatForeignOrigin(from) };
}

function nameOf(type: string, resource: Resource): string {
  switch (type) {
    case 'Timeout':
      return isInterval(resource)
        ? `setInterval every ${resource._repeat ?? 0} ms`
        : `setTimeout of ${resource._idleTimeout ?? 0} ms`;
    case 'TCPWRAP':
      return `TCP${addressOf((into) => resource.getpeername?.(into))}`;
    case 'TCPSERVERWRAP':
      return `TCP server${addressOf((into) => resource.getsockname?.(into))}`;
    case 'UDPWRAP':
      return `UDP${addressOf((into) => resource.getsockname?.(into))}`;
    case 'PIPEWRAP':
      return 'pipe';
    case 'PIPESERVERWRAP':
      return 'pipe server';
    case 'WORKER':
      return 'worker thread';
    case 'MESSAGEPORT':
      return 'MessagePort';
    case 'PROCESSWRAP':
      return 'child process';
    default:
      return 'file watcher';
  }
}

function addressOf(read: (into: Address) => unknown): string {
  const into: Address = {};
  try {
    read(into);
  } catch {
    // It has never been connected.
  }
  return into.address === undefined ? '' : ` ${into.address}:${into.port ?? 0}`;
}
