import type { HealthStatus } from '../contracts/health.js';
import { sharedNowMs } from './answer-probes.js';
import type { HealthSummary } from './health-group.js';

const statusBits: Readonly<Record<HealthStatus, bigint>> = { ok: 0n, degraded: 1n, unhealthy: 2n };
const reasonBits: Readonly<Record<string, bigint>> = { starting: 1n, stopping: 2n };

/**
 * What the thread that answers probes knows of the application, in memory that both share: who is blocked cannot be asked.
 * A state is one number, written and read whole: since when (milliseconds), then two bits for the phase that is its
 * reason, then two for the status.
 */
export class ProbeMemory {
  readonly states: BigInt64Array;
  /** Numbers as a run counts them: a busy worker has more than a whole number of 32 bits can hold. */
  readonly runs: Float64Array;

  /** @param groups names of the groups; the empty one is the whole */
  constructor(
    readonly groups: readonly string[],
    workerCount: number,
  ) {
    this.states = new BigInt64Array(new SharedArrayBuffer(8 * (groups.length + 1)));
    this.runs = new Float64Array(new SharedArrayBuffer(8 * (workerCount + 1)));
    this.beat();
  }

  /** The event loop turns. */
  beat(): void {
    Atomics.store(this.states, 0, sharedNowMs());
  }

  /** Takes over what is known of each group. */
  write(summary: (group: string) => HealthSummary | undefined): void {
    this.groups.forEach((group, index) => {
      const known = summary(group);
      if (known === undefined) return;
      const { status, since, reason = '' } = known;
      const packed = (BigInt(since.getTime()) << 4n) | ((reasonBits[reason] ?? 0n) << 2n) | statusBits[status];
      Atomics.store(this.states, index + 1, packed);
    });
  }

  /** A run of the worker has begun, its `sequence`-th counted from 0. */
  began(worker: number, sequence: number): void {
    this.runs[worker + 1] = sequence + 1;
    this.runs[0] = worker + 1;
  }

  /** The run of the worker has ended. */
  ended(worker: number): void {
    this.runs[worker + 1] = 0;
  }
}
