import { expect } from 'chai';
import fc from 'fast-check';
import { InMemoryTaskQueue, PlbaError } from 'plba';
import { VirtualClock } from 'plba/testing';

/** What is done with a queue, one step after the other. */
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ hand: fc.constantFrom('push', 'submit'), abortable: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ end: fc.nat(), how: fc.constantFrom('result', 'error') }) },
  { weight: 2, arbitrary: fc.record({ abort: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ passMs: fc.integer({ min: 1, max: 15 }) }) },
  { weight: 1, arbitrary: fc.constant({ turn: true }) },
);

const bounds = fc
  .record({
    concurrency: fc.integer({ min: 1, max: 3 }),
    room: fc.integer({ min: 0, max: 4 }),
    overflow: fc.constantFrom('wait', 'reject'),
  })
  .map(({ concurrency, room, overflow }) => ({ concurrency, capacity: concurrency + room, overflow }));

const last = fc.constantFrom('drain', 'close', 'abort');

/** Follows what becomes of each task, and notes when anything becomes of it twice. */
class Fates {
  readonly begun = new Set<number>();
  readonly endings = new Map<number, string>();
  readonly refused = new Set<number>();
  readonly violations: string[] = [];

  end(item: number, how: string): void {
    // Not asserted here: the queue takes care that no error thrown at it does harm.
    const before = this.endings.get(item) ?? (this.refused.has(item) ? 'refused' : undefined);
    if (before !== undefined) this.violations.push(`task ${item} ended as ${before} and as ${how}`);
    this.endings.set(item, how);
  }

  begin(item: number): void {
    if (this.begun.has(item)) this.violations.push(`task ${item} began twice`);
    if (this.endings.has(item)) this.violations.push(`task ${item} began after it had ended`);
    this.begun.add(item);
  }

  refuse(item: number, error: unknown): void {
    if (!(error instanceof PlbaError)) this.violations.push(`task ${item} was refused with ${String(error)}`);
    if (this.endings.has(item)) this.violations.push(`task ${item} ended and was refused`);
    this.refused.add(item);
  }
}

describe('InMemoryTaskQueue', () => {
  it('ends every accepted task exactly once, and holds its bounds, whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(bounds, fc.array(step, { maxLength: 60 }), last, async (options, steps, ending) => {
        const clock = new VirtualClock();
        const fates = new Fates();
        const atWork: { item: number; end: (how: string) => void }[] = [];
        const aborts: AbortController[] = [];
        const submitted: Promise<unknown>[] = [];
        let handed = 0;
        let most = 0;

        const queue = new InMemoryTaskQueue<number>(
          {
            ...options,
            timeout: 20,
            clock,
            onError: (error, item) => {
              fates.end(item, error instanceof PlbaError ? error.code : 'error');
            },
          },
          (item) => {
            fates.begin(item);
            most = Math.max(most, queue.running);
            return new Promise<void>((resolve, reject) => {
              atWork.push({
                item,
                end: (how) => {
                  if (how === 'result') resolve();
                  else reject(new Error('from the work'));
                },
              });
            });
          },
        );

        const hand = (kind: string, abortable: boolean) => {
          const item = handed++;
          const abort = new AbortController();
          if (abortable) aborts.push(abort);
          const taskOptions = abortable ? { signal: abort.signal } : undefined;
          if (kind === 'push') {
            try {
              Promise.resolve(queue.push(item, taskOptions)).catch((error: unknown) => {
                fates.refuse(item, error);
              });
            } catch (error) {
              fates.refuse(item, error);
            }
          } else {
            const isRefused = options.overflow === 'reject' && queue.size >= options.capacity;
            submitted.push(
              queue.submit(item, taskOptions).then(
                () => {
                  fates.end(item, 'result');
                },
                (error: unknown) => {
                  if (isRefused) fates.refuse(item, error);
                  else fates.end(item, error instanceof PlbaError ? error.code : 'error');
                },
              ),
            );
          }
        };

        for (const action of steps) {
          if ('hand' in action) hand(action.hand, action.abortable);
          else if ('end' in action) atWork.splice(action.end % Math.max(atWork.length, 1), 1)[0]?.end(action.how);
          else if ('abort' in action) aborts[action.abort % Math.max(aborts.length, 1)]?.abort();
          else if ('passMs' in action) await clock.advance(action.passMs);
          else await clock.yield();
          expect(queue.size).to.be.at.most(options.capacity);
        }

        const finished: Promise<unknown> =
          ending === 'drain' ? queue.drain() : queue.close({ abort: ending === 'abort' });
        const open = new Set([finished]);
        void finished.then(() => open.delete(finished));
        while (open.size > 0) {
          atWork.shift()?.end('result');
          await clock.advance(1);
        }
        await Promise.all(submitted);

        expect(fates.violations).to.deep.equal([]);
        expect(most).to.be.at.most(options.concurrency);
        expect(clock.pending()).to.equal(0);
        expect(queue).to.include({ size: 0, waiting: 0, running: 0, blocked: 0 });
        // Nobody is told of the result of a pushed task.
        const silent = [...fates.begun].filter((item) => !fates.endings.has(item)).length;
        const told = [...fates.endings.values()].filter((how) => how === 'result').length;
        expect(queue.done).to.equal(silent + told);
        expect(fates.refused.size + fates.endings.size + silent).to.equal(handed);
      }),
      { numRuns: 300 },
    );
  }).timeout(30_000);
});
