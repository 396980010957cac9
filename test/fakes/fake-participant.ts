import type { WorkerStopReport } from 'plba';
import type { Participant } from '../../src/lifecycle/participant.js';
import type { VirtualClock } from 'plba/testing';

/** What a fake participant does when it is told to. */
export interface Behaviour {
  readonly needs?: readonly string[];
  /** Default: ready at once. */
  readonly start?: 'throw' | 'hang' | number;
  /** Milliseconds that stopping takes; longer than the budget is abandoned. Default 0. */
  readonly stopMs?: number;
  /** `silent`: never says how it went. */
  readonly stop?: 'throw' | 'silent';
  /** Has started, and those who need it still have to wait. */
  readonly ready?: 'never';
}

/** A participant that keeps a diary and waits for what it needs, as workers do. */
export class FakeParticipant implements Participant {
  readonly needs: readonly string[];
  readonly hasForeignCode = true;
  readonly budget = { drainMs: 1_000, abortMs: 500 };
  private started = false;
  private ready = false;
  private stopped = false;
  private readonly forced = new AbortController();
  private wakeUp: () => void = () => undefined;
  private readonly stopWanted = new Promise<void>((resolve) => (this.wakeUp = resolve));

  constructor(
    readonly name: string,
    private readonly behaviour: Behaviour,
    private readonly clock: VirtualClock,
    private readonly diary: string[],
    private readonly others: ReadonlyMap<string, FakeParticipant>,
  ) {
    this.needs = behaviour.needs ?? [];
  }

  async start(): Promise<void> {
    while (!this.stopped && this.needs.some((need) => !(this.others.get(need)?.ready ?? true)))
      await this.clock.sleep(1);
    if (this.stopped) throw new Error(`${this.name} was stopped while it waited`);
    this.diary.push(`start ${this.name}`);
    const { start } = this.behaviour;
    if (start === 'throw') throw new Error(`${this.name} is broken`);
    if (start === 'hang') await this.stopWanted;
    if (typeof start === 'number') await this.clock.sleep(start);
    this.started = start !== 'hang';
    this.ready = this.started && this.behaviour.ready !== 'never';
  }

  async stop(budget: { drainMs: number; abortMs: number }, force = false): Promise<WorkerStopReport> {
    this.wakeUp();
    if (force) this.forced.abort();
    if (this.stopped || !this.started) {
      this.stopped = true;
      return { worker: this.name, result: 'not-started', durationMs: 0 };
    }
    this.stopped = true;
    this.diary.push(`stop ${this.name}`);
    const needsMs = this.behaviour.stopMs ?? 0;
    const beganMs = this.clock.monotonic();
    await this.clock.sleep(Math.min(needsMs, budget.drainMs), this.forced.signal);
    const drainedMs = this.clock.monotonic() - beganMs;
    await this.clock.sleep(Math.min(needsMs - drainedMs, budget.abortMs));
    if (this.behaviour.stop === 'silent') return new Promise(() => undefined);
    this.diary.push(`stopped ${this.name}`);
    if (this.behaviour.stop === 'throw') {
      const error = { name: 'Error', message: `${this.name} cannot stop` };
      return { worker: this.name, result: 'failed', durationMs: 0, error };
    }
    const result = needsMs <= drainedMs ? 'drained' : needsMs <= drainedMs + budget.abortMs ? 'aborted' : 'abandoned';
    return { worker: this.name, result, durationMs: needsMs };
  }

  describe(): { state: string; waitingFor: readonly string[] } {
    const waitingFor = this.needs.filter((need) => !(this.others.get(need)?.ready ?? true));
    const up = this.started ? 'running' : 'starting';
    return { state: waitingFor.length > 0 ? 'waiting' : up, waitingFor };
  }
}
