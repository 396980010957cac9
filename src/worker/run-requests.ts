import type { RunRecord } from '../contracts/run.js';
import type { SpanContext } from '@opentelemetry/api';
import { PlbaError } from '../errors.js';
import { activeSpanContext } from '../tracing/remote-parent.js';

interface Request {
  readonly resolve: (record: RunRecord) => void;
  readonly reject: (error: unknown) => void;
  /** What was active where it was asked for. */
  readonly link: SpanContext | undefined;
}

/** The requests that one run serves: they hear of its end, or of what came between. */
export interface TakenRequests {
  answer(record: RunRecord): void;
  refuse(error: unknown): void;
}

/** Those who asked for a run and are served by the next one, all of them by the same. */
export class RunRequests {
  private requests: Request[] = [];
  private closed = false;

  constructor(private readonly worker: string) {}

  /** Whether somebody waits for a run. */
  get waiting(): boolean {
    return this.requests.length > 0;
  }

  /** Asks for a run. Gives its record once it has ended; rejects with `WORKER_CONFLICT` when there will be none any more. */
  add(): Promise<RunRecord> {
    if (this.closed) return Promise.reject(this.refusal());
    return new Promise((resolve, reject) => {
      this.requests.push({ resolve, reject, link: activeSpanContext() });
    });
  }

  /** The spans of those who wait for a run, for it to be linked to. */
  links(): SpanContext[] {
    return this.requests.flatMap(({ link }) => link ?? []);
  }

  /** Takes all requests for the run that begins now. Undefined when there are none. */
  take(): TakenRequests | undefined {
    if (this.requests.length === 0) return undefined;
    const taken = this.requests;
    this.requests = [];
    return {
      answer: (record) => {
        for (const { resolve } of taken) resolve(record);
      },
      refuse: (error) => {
        for (const { reject } of taken) reject(error);
      },
    };
  }

  /** There will be no run any more: whoever still waits for one to begin is refused, and so is everybody after. */
  close(): void {
    this.closed = true;
    const refused = this.requests;
    this.requests = [];
    for (const { reject } of refused) reject(this.refusal());
  }

  private refusal(): PlbaError {
    return new PlbaError('WORKER_CONFLICT', `worker "${this.worker}" takes no more runs: it has ended`, {
      hint: 'start it first',
    });
  }
}
