import type { ApplicationLifetime, ApplicationState } from '../contracts/application.js';
import type { Clock } from '../contracts/clock.js';
import { unheard, type EventSink } from '../events/event-sink.js';
import { abortOf } from '../time/named-abort.js';

const successors: Readonly<Record<ApplicationState, readonly ApplicationState[]>> = {
  created: ['starting', 'stopped'],
  starting: ['running', 'stopping'],
  running: ['stopping'],
  stopping: ['stopped', 'failed'],
  stopped: [],
  failed: [],
};

/** Where the application is in its life. Everybody reads it; only the lifecycle service moves it on. */
export class DrivenLifetime implements ApplicationLifetime {
  state: ApplicationState = 'created';
  since: Date;
  private readonly controller = new AbortController();
  private readonly listeners = new Set<(state: ApplicationState) => void>();

  /** @param events where changes of state are told; default: nowhere */
  constructor(
    private readonly clock: Clock,
    private readonly events: EventSink = unheard,
  ) {
    this.since = new Date(clock.now());
  }

  get stopping(): AbortSignal {
    return this.controller.signal;
  }

  /** Calls back after each change of state. */
  onChange(listener: (state: ApplicationState) => void): void {
    this.listeners.add(listener);
  }

  /** @param reason what it stops for */
  moveTo(next: ApplicationState, reason?: string): void {
    const from = this.state;
    if (!successors[from].includes(next)) throw new TypeError(`an application cannot go from ${from} to ${next}`);
    this.state = next;
    this.since = new Date(this.clock.now());
    for (const listener of this.listeners) listener(next);
    this.events.publish({ type: 'application-state', from, to: next, ...(reason !== undefined && { reason }) });
    if (next === 'stopping') abortOf('the application', this.controller);
  }
}
