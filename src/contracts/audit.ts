/** A change that somebody asked for, done or not. */
export interface AuditEntry {
  /** Counts up from 1. */
  readonly id: number;
  readonly when: Date;
  /** `alice@10.0.0.7`, by the name of the token; `deploy@socket`; `anonymous@10.0.0.7`. */
  readonly who: string;
  /** `POST /workers/invoice-sync/stop`. */
  readonly what: string;
  /** What was said besides the reason, such as `{ force: true }`. */
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly reason?: string;
  /** What the change is about, before and after: the state of a worker, say. */
  readonly before?: unknown;
  readonly after?: unknown;
  /** `refused`: nothing was done. `failed`: it was tried. */
  readonly result: 'done' | 'refused' | 'failed';
  /** Why it was refused or failed. */
  readonly code?: string;
}
