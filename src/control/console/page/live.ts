import type { Client } from './client.js';
import { EventStream } from './event-stream.js';
import type { LinkState, Model } from './model.js';
import type { Part } from './part.js';
import { asProblem } from './problem.js';
import { drawnWorkers } from './workers-table.js';

/** Between two rounds of questions, however many events there are. */
const leastGapMs = 300;
/** While events tell of changes, questions are for what no event tells: memory, age. */
const liveGapMs = 10_000;
const pollingGapMs = 2_000;
const lostGapMs = 1_000;
const lockedGapMs = 5_000;
/** After this long without an event stream another one is tried. */
const streamRetryMs = 5_000;
/** So many ledgers are asked for at a time. */
const ledgersAtOnce = 4;

/**
 * Keeps the model true. It asks the routes in rounds, and events only bring the next round forward: what is shown is always an
 * answer, never put together from events, so that a missed event does no harm and a page without events shows the same, later.
 */
export class Live {
  readonly #stream: EventStream;
  #wake: (() => void) | undefined;
  #isDue = false;
  #isStreaming = false;
  #streamTriedAt = -Infinity;
  #streaming = new AbortController();
  /** Another number for each who asks: with this token, with that one, with none. */
  #identity = 0;
  /** What is known of each ledger: how many runs there were when it was read. */
  readonly #ledgerMarks = new Map<string, string>();

  constructor(
    private readonly client: Client,
    private readonly model: Model,
    private readonly onChange: () => void,
  ) {
    this.#stream = new EventStream(client);
  }

  /** Goes on as long as the page is there. */
  async run(): Promise<never> {
    for (;;) {
      this.#isDue = false;
      if (await this.#round()) this.onChange();
      await this.#rest();
    }
  }

  /** Asks now. */
  wake(): void {
    this.#isDue = true;
    this.#wake?.();
  }

  /** Asks everything anew, as somebody else. */
  reconnect(): void {
    this.#streaming.abort();
    this.#identity++;
    for (const part of this.model.all()) part.reset();
    this.wake();
  }

  /** Answers whether the answers are for whoever is there now: others say nothing about the token that is used since. */
  async #round(): Promise<boolean> {
    const { model } = this;
    const before = model.link.state;
    const asker = this.#identity;
    const parts = model.shown().filter(({ problem }) => problem?.isMissing !== true);
    await Promise.all(parts.map((part) => part.refresh(this.client)));
    if (asker !== this.#identity) {
      for (const part of model.all()) part.reset();
      return false;
    }
    const { problem } = model.status;
    if (problem?.isSilence === true) {
      this.#enter('lost');
    } else if (problem?.needsToken === true) {
      this.#enter('locked');
    } else {
      this.#enter(this.#isStreaming ? 'live' : 'polling');
      if (before === 'lost') for (const part of model.all()) part.reset();
      this.#listen();
      await this.#readLedgers();
    }
    return asker === this.#identity;
  }

  #enter(state: LinkState): void {
    if (this.model.link.state !== state) this.model.link = { state, since: Date.now() };
  }

  /** Reads the ledgers of the workers that are drawn, where there are runs that have not been read. */
  async #readLedgers(): Promise<void> {
    if (this.model.place.kind !== 'overview') return;
    const due = drawnWorkers(this.model).flatMap(({ name, lastRun, runs }): [string, string, Part<unknown>][] => {
      const mark = `${runs} ${lastRun?.id ?? ''}`;
      return this.#ledgerMarks.get(name) === mark ? [] : [[name, mark, this.model.ledger(name)]];
    });
    while (due.length > 0) {
      const some = due.splice(0, ledgersAtOnce);
      await Promise.all(some.map(([, , part]) => part.refresh(this.client)));
      for (const [name, mark, { problem }] of some) if (problem === undefined) this.#ledgerMarks.set(name, mark);
    }
  }

  #listen(): void {
    if (this.#isStreaming || performance.now() - this.#streamTriedAt < streamRetryMs) return;
    this.#streamTriedAt = performance.now();
    this.#streaming = new AbortController();
    const { signal } = this.#streaming;
    const listener = {
      onOpen: () => {
        this.#isStreaming = true;
        this.wake();
      },
      onEvent: () => {
        this.wake();
      },
    };
    this.#stream
      .listen(listener, signal)
      .catch((error: unknown) => {
        // A route that is not there does not come by asking; a new application, which may have it, begins anew.
        if (asProblem(error).isMissing) this.#streamTriedAt = Infinity;
      })
      .finally(() => {
        this.#isStreaming = false;
        this.wake();
      });
  }

  async #rest(): Promise<void> {
    const { state } = this.model.link;
    if (state === 'lost') this.#streamTriedAt = -Infinity;
    await new Promise((resolve) => setTimeout(resolve, leastGapMs));
    // What nobody looks at is not asked for.
    const isSeen = (): boolean => document.visibilityState === 'visible';
    const gapMs = { live: liveGapMs, polling: pollingGapMs, lost: lostGapMs, connecting: 0, locked: lockedGapMs }[
      state
    ];
    while (!this.#isDue || !isSeen()) {
      const isOver = await this.#nap(isSeen() ? gapMs : Infinity);
      if (isOver && isSeen()) return;
    }
  }

  /** Waits that long, or until somebody wakes it; says whether the time is over. */
  #nap(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = ms === Infinity ? undefined : setTimeout(resolve, ms, true);
      this.#wake = () => {
        clearTimeout(timer);
        resolve(false);
      };
    });
  }
}
