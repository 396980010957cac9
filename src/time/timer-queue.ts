import type { Timer } from '../contracts/clock.js';
import { PlbaError } from '../errors.js';

/** A timer that waits in a {@link TimerQueue}. It is its own handle: nothing else is allocated for a timer. */
export class QueuedTimer implements Timer {
  /** Where it is in the heap; -1 once it is no longer in the queue. Belongs to the queue. */
  position = -1;
  /** Where it was set, if the clock keeps that: an object with a `stack`, which is formatted only when read. */
  origin: { readonly stack?: string } | undefined = undefined;

  constructor(
    private readonly queue: TimerQueue,
    /** When it is due, on the monotonic scale of the clock that owns the queue. */
    readonly dueAtMs: number,
    /** Arrival number. Timers due at the same time fire in the order in which they were set. */
    readonly sequence: number,
    readonly callback: () => void,
    readonly keepAlive: boolean,
  ) {}

  cancel(): void {
    this.queue.cancel(this);
  }
}

/**
 * Everything that is to happen later, earliest first: a binary heap in which each timer knows its place, so that adding
 * and cancelling cost O(log n) and a clock needs only one real timer, for the earliest.
 */
export class TimerQueue {
  readonly #heap: QueuedTimer[] = [];
  readonly #onCancel: () => unknown;
  #nextSequence = 0;
  #keepAliveCount = 0;

  /** @param onCancel called after a waiting timer was called off, by its handle or by {@link cancel} */
  constructor(onCancel: () => unknown = () => undefined) {
    this.#onCancel = onCancel;
  }

  /** How many timers wait. */
  get size(): number {
    return this.#heap.length;
  }

  /** How many of them keep the process alive. */
  get keepAliveCount(): number {
    return this.#keepAliveCount;
  }

  /** The timer that is due first. */
  get earliest(): QueuedTimer | undefined {
    return this.#heap[0];
  }

  /**
   * Adds a timer.
   *
   * @param dueAtMs may lie in the past; `Infinity` is never
   * @param sequence its place among those due at the same time. Default: behind those that were set before.
   * @throws PlbaError `DURATION_INVALID` when it is not a number: one NaN would undo the order of all others
   */
  add(dueAtMs: number, callback: () => void, keepAlive = true, sequence = this.#nextSequence++): QueuedTimer {
    if (Number.isNaN(dueAtMs)) throw new PlbaError('DURATION_INVALID', 'the delay of a timer is not a number: NaN');
    const timer = new QueuedTimer(this, dueAtMs, sequence, callback, keepAlive);
    if (keepAlive) this.#keepAliveCount++;
    this.#heap.push(timer);
    this.#rise(timer, this.#heap.length - 1);
    return timer;
  }

  /** Calls a timer off. Does nothing when it is no longer in the queue. */
  cancel(timer: QueuedTimer): void {
    if (timer.position === -1) return;
    this.#remove(timer);
    this.#onCancel();
  }

  /** Takes out the earliest timer if it is due at `nowMs`. */
  takeDue(nowMs: number): QueuedTimer | undefined {
    const earliest = this.#heap[0];
    if (earliest === undefined || earliest.dueAtMs > nowMs) return undefined;
    this.#remove(earliest);
    return earliest;
  }

  /** All waiting timers in the order in which they are due. For reports: it sorts. */
  list(): QueuedTimer[] {
    return this.#heap.toSorted((a, b) => (isBefore(a, b) ? -1 : 1));
  }

  #remove(timer: QueuedTimer): void {
    const heap = this.#heap;
    const position = timer.position;
    const last = heap.pop() as QueuedTimer;
    if (last !== timer) {
      // The last one takes the free place, from where it may belong further up or further down.
      this.#sink(last, position);
      this.#rise(last, last.position);
    }
    timer.position = -1;
    if (timer.keepAlive) this.#keepAliveCount--;
  }

  /** Puts `timer` at `position` or, past everything that is due later, above it. */
  #rise(timer: QueuedTimer, position: number): void {
    const heap = this.#heap;
    while (position > 0) {
      const parentPosition = (position - 1) >> 1;
      const parent = heap[parentPosition] as QueuedTimer;
      if (!isBefore(timer, parent)) break;
      heap[position] = parent;
      parent.position = position;
      position = parentPosition;
    }
    heap[position] = timer;
    timer.position = position;
  }

  /** Puts `timer` at `position` or, past everything that is due earlier, below it. */
  #sink(timer: QueuedTimer, position: number): void {
    const heap = this.#heap;
    for (;;) {
      let childPosition = 2 * position + 1;
      let child = heap[childPosition];
      if (child === undefined) break;
      const sibling = heap[childPosition + 1];
      if (sibling !== undefined && isBefore(sibling, child)) {
        child = sibling;
        childPosition++;
      }
      if (!isBefore(child, timer)) break;
      heap[position] = child;
      child.position = position;
      position = childPosition;
    }
    heap[position] = timer;
    timer.position = position;
  }
}

function isBefore(a: QueuedTimer, b: QueuedTimer): boolean {
  return a.dueAtMs < b.dueAtMs || (a.dueAtMs === b.dueAtMs && a.sequence < b.sequence);
}
