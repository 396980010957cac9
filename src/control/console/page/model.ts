import type { AuditEntry, Health, Loggers, Run, Setting, Status, Trace, Worker } from './answers.js';
import type { Draft } from './draft.js';
import { Part } from './part.js';
import { type Place, placeOf } from './place.js';
import { readList } from './read-list.js';

/**
 * How the page is connected.
 * - `live`: told by events
 * - `polling`: asks every few seconds, since there are no events
 * - `locked`: a token is needed
 * - `lost`: nobody answers
 */
export type LinkState = 'connecting' | 'live' | 'polling' | 'locked' | 'lost';

/** Something that the page has to say: how an order went, or that the application came back. */
export interface Notice {
  readonly id: number;
  readonly kind: 'pending' | 'done' | 'refused' | 'told';
  readonly text: string;
  readonly hint?: string | undefined;
}

/** All that the page shows. */
export class Model {
  readonly status = new Part('/status', (body) => body as Status);
  readonly health = new Part('/health', (body) => body as Health);
  readonly workers = new Part('/workers', (body) => body as readonly Worker[]);
  readonly settings = new Part('/config', (body) => readList(body) as readonly Setting[]);
  readonly loggers = new Part('/loggers', (body) => body as Loggers);
  readonly audit = new Part('/audit', (body) => readList(body) as readonly AuditEntry[]);
  readonly traces = new Part('/traces', (body) => readList(body) as readonly Trace[]);
  readonly ledgers = new Map<string, Part<readonly Run[]>>();

  link: { state: LinkState; since: number } = { state: 'connecting', since: Date.now() };
  place: Place = placeOf('');
  /** What is looked for among workers and settings. */
  filter = '';
  hasToken = false;
  /** The order that is being made up, in a dialog. */
  draft: Draft | undefined;
  /** Whether a token is being asked for, and why. */
  tokenWish: string | undefined;
  notices: readonly Notice[] = [];

  /** The ledger of a worker. */
  ledger(worker: string): Part<readonly Run[]> {
    const path = `/workers/${encodeURIComponent(worker)}/runs`;
    const ledger = this.ledgers.get(worker) ?? new Part(path, (body) => body as readonly Run[]);
    this.ledgers.set(worker, ledger);
    return ledger;
  }

  /** A worker by its name. */
  worker(name: string): Worker | undefined {
    return this.workers.value?.find((worker) => worker.name === name);
  }

  /** The parts that the page shows at its place. */
  shown(): readonly Part<unknown>[] {
    const always = [this.status, this.health, this.workers];
    switch (this.place.kind) {
      case 'overview':
      case 'start':
        return always;
      case 'configuration':
        return [...always, this.settings];
      case 'loggers':
        return [...always, this.loggers];
      case 'audit':
        return [...always, this.audit];
      case 'worker':
        return [...always, this.ledger(this.place.name), this.settings, this.traces];
    }
  }

  /** Every part there is. */
  all(): readonly Part<unknown>[] {
    const { status, health, workers, settings, loggers, audit, traces } = this;
    return [status, health, workers, settings, loggers, audit, traces, ...this.ledgers.values()];
  }
}
