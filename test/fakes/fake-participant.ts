import type { WorkerStopReport } from 'plba';
import type { Participant } from '../../src/lifecycle/lifecycle-service.js';
import type { VirtualClock } from 'plba/testing';

/** What a fake participant does when it is told to. */
export interface Behaviour {
  readonly needs?: readonly string[];
  /** Default: ready at once. */
  readonly start?: 'throw' | 'hang' | number;
  /** Milliseconds that stopping takes; longer than the budget is abandoned. Default 0. */
  readonly stopMs?: number;
  readonly stop?: 'throw';
}

/** A participant that keeps a diary and waits for what it needs, as workers do. */
export class FakeParticipant implements Participant {
  readonly needs: readonly string[];
  readonly budget = { drainMs: 1_000, abortMs: 500 };
  private ready = false;
  private stopped = false;
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
    this.ready = start !== 'hang';
  }

  async stop(budget: { drainMs: number; abortMs: number }): Promise<WorkerStopReport> {
    this.wakeUp();
    if (this.stopped || !this.ready) {
      this.stopped = true;
      return { worker: this.name, result: 'not-started', durationMs: 0 };
    }
    this.stopped = true;
    this.diary.push(`stop ${this.name}`);
    const needsMs = this.behaviour.stopMs ?? 0;
    await this.clock.sleep(Math.min(needsMs, budget.drainMs + budget.abortMs));
    this.diary.push(`stopped ${this.name}`);
    if (this.behaviour.stop === 'throw') {
      const error = { name: 'Error', message: `${this.name} cannot stop` };
      return { worker: this.name, result: 'failed', durationMs: 0, error };
    }
    const result =
      needsMs <= budget.drainMs ? 'drained' : needsMs <= budget.drainMs + budget.abortMs ? 'aborted' : 'abandoned';
    return { worker: this.name, result, durationMs: needsMs };
  }

  isReady(): boolean {
    return this.ready;
  }

  describe(): { state: string; waitingFor: readonly string[] } {
    const waitingFor = this.needs.filter((need) => !(this.others.get(need)?.ready ?? true));
    return { state: waitingFor.length > 0 ? 'waiting' : 'starting', waitingFor };
  }
}
