import { EventEmitter } from 'node:events';
import { captureDeepOrigin, formatForeignOrigin, isOfLibrary, type Origin } from '../origin.js';
import type { Leak } from './leak.js';

type Listener = (...args: unknown[]) => void;
type EventName = string | symbol;

interface Added {
  readonly emitter: WeakRef<EventEmitter>;
  readonly event: EventName;
  readonly listener: WeakRef<Listener>;
  readonly origin: Origin;
}

const additionsBeforeTidying = 1_000;

/**
 * The listeners that one scope has put on emitters which were there before it and outlive it: on the process, on whatever
 * a test hands in. An emitter that the scope has made goes with it, and its listeners with the emitter.
 */
export class AddedListeners {
  private readonly made = new WeakSet<EventEmitter>();
  private added: Added[] = [];
  private tidyAt = additionsBeforeTidying;

  /** An emitter is made. */
  noteEmitter(emitter: EventEmitter): void {
    this.made.add(emitter);
  }

  /** A listener is put on an emitter, by a call of `adder`. */
  note(emitter: EventEmitter, event: EventName, listener: Listener, adder: Adder): void {
    if (this.made.has(emitter)) return;
    const origin = captureDeepOrigin(adder);
    this.added.push({ emitter: new WeakRef(emitter), event, listener: new WeakRef(listener), origin });
    if (this.added.length < this.tidyAt) return;
    this.added = this.added.filter(isThere);
    this.tidyAt = Math.max(additionsBeforeTidying, 2 * this.added.length);
  }

  /** The listeners that are still there. Those that a library keeps are the library's own business. */
  leaks(): Leak[] {
    return this.added
      .filter((each) => isThere(each) && !isOfLibrary(each.origin))
      .map(({ emitter, event, origin }) => ({
        kind: 'listener',
        what: `"${String(event)}" on ${nameOf(emitter.deref())}`,
        origin: formatForeignOrigin(origin),
      }));
  }
}

const adders = ['on', 'addListener', 'prependListener'] as const;

type Maker = (this: EventEmitter, ...rest: unknown[]) => void;
type Adder = (this: EventEmitter, event: EventName, listener: Listener) => EventEmitter;

/**
 * Takes down every emitter that is made and every listener that is added, with whoever `current` names. Answers how to end
 * that. Node.js has no hook for it, so what its emitters inherit is replaced for the time.
 */
export function watchListeners(current: () => AddedListeners | undefined): () => void {
  const prototype = EventEmitter.prototype as unknown as Record<(typeof adders)[number], Adder>;
  const maker = EventEmitter as unknown as { init: Maker };
  const { init } = maker;
  const before = adders.map((adder) => prototype[adder]);
  maker.init = function (...rest) {
    current()?.noteEmitter(this);
    init.apply(this, rest);
  };
  adders.forEach((adder, index) => {
    const add = before[index] as Adder;
    const notedAdd: Adder = function (event, listener) {
      current()?.note(this, event, listener, notedAdd);
      return add.call(this, event, listener);
    };
    prototype[adder] = notedAdd;
  });
  return () => {
    maker.init = init;
    adders.forEach((adder, index) => (prototype[adder] = before[index] as Adder));
  };
}

function isThere({ emitter, event, listener }: Added): boolean {
  const wanted = listener.deref();
  if (wanted === undefined) return false;
  return emitter.deref()?.rawListeners(event).includes(wanted) ?? false;
}

function nameOf(emitter: EventEmitter | undefined): string {
  if (emitter !== undefined && 'pid' in emitter && emitter.pid === process.pid) return 'process';
  return emitter?.constructor.name ?? 'an emitter';
}
