/**
 * Watches many members by few signals: one listener per signal, however many members share it. Listeners that come and go
 * by the thousands on one signal, such as that of a run, would cost more than the work.
 */
export class AbortWatch<M> {
  readonly #onAbort: (member: M, reason: unknown) => void;
  readonly #watched = new Map<AbortSignal, { readonly members: Set<M>; readonly listener: () => void }>();

  /** @param onAbort called for each member of a signal that aborts; it is not watched any more then */
  constructor(onAbort: (member: M, reason: unknown) => void) {
    this.#onAbort = onAbort;
  }

  /** @param signal not yet aborted */
  add(signal: AbortSignal, member: M): void {
    const watched = this.#watched.get(signal);
    if (watched !== undefined) {
      watched.members.add(member);
      return;
    }
    const members = new Set([member]);
    const listener = () => {
      this.#watched.delete(signal);
      for (const each of members) this.#onAbort(each, signal.reason);
    };
    this.#watched.set(signal, { members, listener });
    signal.addEventListener('abort', listener, { once: true });
  }

  /** Does nothing when the member is not watched. The listener goes with the last member. */
  remove(signal: AbortSignal, member: M): void {
    const watched = this.#watched.get(signal);
    if (watched === undefined || !watched.members.delete(member) || watched.members.size > 0) return;
    this.#watched.delete(signal);
    signal.removeEventListener('abort', watched.listener);
  }
}
