import type { TraceRecord } from '../contracts/traces.js';
import { createTraceId } from './ids.js';
import { KeptTrace, type TracedRun } from './kept-trace.js';
import { isWatching, noteRun, watch } from './own-context.js';

/** Traces that are kept of one application: those of its last runs. */
const mostTraces = 100;

/** Keeps the last traces of an application in process: what `GET /traces` shows, with no backend. */
export class TraceKeeper {
  private readonly ring: KeptTrace[] = [];
  private next = 0;

  /**
   * @param mode `auto`: from the first span of the process on, for as long as there are any; runs without spans are in the
   *   ledger anyway. See {@link watch}
   */
  constructor(
    private readonly clock: { now(): number; monotonic(): number },
    private readonly mode: 'on' | 'off' | 'auto' = 'auto',
  ) {
    if (mode === 'on') watch();
  }

  /** Whether runs are to be kept now. Cheap enough to be asked now and then. */
  get isKeeping(): boolean {
    return this.mode === 'on' || (this.mode === 'auto' && isWatching());
  }

  /** A run begins. `ids`: those of its span in an SDK. */
  begin(run: TracedRun, ids?: { readonly traceId: string; readonly spanId: string }): KeptTrace {
    if (this.mode === 'auto') noteRun();
    else watch();
    const trace = new KeptTrace(run, ids?.traceId ?? createTraceId(), this.clock, ids?.spanId);
    this.ring[this.next] = trace;
    this.next = this.next + 1 === mostTraces ? 0 : this.next + 1;
    return trace;
  }

  /** Newest first. */
  records(): TraceRecord[] {
    const oldestFirst = [...this.ring.slice(this.next), ...this.ring.slice(0, this.next)];
    return oldestFirst.reverse().map((trace) => trace.toRecord());
  }

  /** The trace of this id. */
  find(traceId: string): TraceRecord | undefined {
    return this.ring.find((trace) => trace.traceId === traceId)?.toRecord();
  }
}
