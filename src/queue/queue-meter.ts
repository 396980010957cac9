import type { Counter, Histogram, Metrics } from '../contracts/metrics.js';

/** What a queue shows of itself at the moment of a collection. */
export interface MeteredQueue {
  readonly waiting: number;
  readonly running: number;
  readonly blocked: number;
}

/** A queue of a name, and how many tasks it holds at most. Queues that are gone are not kept for being counted. */
interface MeterEntry {
  readonly name: string;
  readonly capacity: number;
  readonly queue: WeakRef<MeteredQueue>;
}

const perQueue = ['plba.queue'] as const;
const everyMeter = new WeakMap<Metrics, Set<MeterEntry>>();

/**
 * Counts what becomes of the tasks of one queue, and shows how full it is, under its name. Queues of one name, one after the other or
 * side by side, are counted together.
 */
export class QueueMeter {
  private readonly wait: Histogram<'plba.queue'>;
  private readonly ended: Counter<'plba.queue' | 'plba.result'>;
  private readonly labels: { readonly 'plba.queue': string };
  private readonly done: { readonly 'plba.queue': string; readonly 'plba.result': string };
  private readonly failed: { readonly 'plba.queue': string; readonly 'plba.result': string };
  private readonly entry: MeterEntry;
  private readonly entries: Set<MeterEntry>;

  constructor(metrics: Metrics, name: string, capacity: number, queue: MeteredQueue) {
    this.labels = { 'plba.queue': name };
    this.done = { ...this.labels, 'plba.result': 'done' };
    this.failed = { ...this.labels, 'plba.result': 'failed' };
    this.wait = metrics.histogram('plba.queue.wait', {
      description: 'How long tasks of a queue waited, from being handed over to their beginning',
      unit: 's',
      labels: perQueue,
    });
    this.ended = metrics.counter('plba.queue.ended_tasks', {
      description: 'Accepted tasks of a queue that have ended, by whether they have a result',
      unit: '{task}',
      labels: ['plba.queue', 'plba.result'],
    });
    this.entry = { name, capacity, queue: new WeakRef(queue) };
    this.entries = entriesOf(metrics);
    this.entries.add(this.entry);
  }

  /** The work of a task begins, after so long. */
  begun(waitedMs: number): void {
    this.wait.record(waitedMs / 1_000, this.labels);
  }

  /** An accepted task has ended, with a result or without. */
  end(isDone: boolean): void {
    this.ended.add(1, isDone ? this.done : this.failed);
  }

  /** The queue has closed and is empty: it is shown no more. */
  close(): void {
    this.entries.delete(this.entry);
  }
}

/** The queues that these metrics show, which the first of them declares. */
function entriesOf(metrics: Metrics): Set<MeterEntry> {
  const known = everyMeter.get(metrics);
  if (known !== undefined) return known;
  const entries = new Set<MeterEntry>();
  const each = (report: (entry: MeterEntry, queue: MeteredQueue) => void): void => {
    for (const entry of entries) {
      const queue = entry.queue.deref();
      if (queue === undefined) entries.delete(entry);
      else report(entry, queue);
    }
  };
  metrics.observe(
    'gauge',
    'plba.queue.tasks',
    {
      description: 'Tasks of a queue: those that wait, run, or wait for a place because it is full',
      unit: '{task}',
      labels: ['plba.queue', 'plba.task_state'],
    },
    (report) => {
      each(({ name }, { waiting, running, blocked }) => {
        for (const [state, count] of Object.entries({ waiting, running, blocked }))
          report(count, { 'plba.queue': name, 'plba.task_state': state });
      });
    },
  );
  metrics.observe(
    'gauge',
    'plba.queue.capacity',
    { description: 'How many tasks a queue holds at most', unit: '{task}', labels: perQueue },
    (report) => {
      each(({ name, capacity }) => {
        report(capacity, { 'plba.queue': name });
      });
    },
  );
  everyMeter.set(metrics, entries);
  return entries;
}
