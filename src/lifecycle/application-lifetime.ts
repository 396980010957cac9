import type { ApplicationLifetime, ApplicationState } from '../contracts/application.js';
import type { Clock } from '../contracts/clock.js';

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

  constructor(private readonly clock: Clock) {
    this.since = new Date(clock.now());
  }

  get stopping(): AbortSignal {
    return this.controller.signal;
  }

  /** Calls back after each change of state. */
  onChange(listener: (state: ApplicationState) => void): void {
    this.listeners.add(listener);
  }

  moveTo(next: ApplicationState): void {
    if (!successors[this.state].includes(next))
      throw new TypeError(`an application cannot go from ${this.state} to ${next}`);
    this.state = next;
    this.since = new Date(this.clock.now());
    for (const listener of this.listeners) listener(next);
    if (next === 'stopping') this.controller.abort();
  }
}
