import { AsyncLocalStorage } from 'node:async_hooks';
import { AddedListeners, watchListeners } from './leaks/added-listeners.js';
import type { Leak } from './leaks/leak.js';
import { OpenedResources, watchResources } from './leaks/opened-resources.js';
import type { SpanRecorder } from './tracing/span-recorder.js';

const storage = new AsyncLocalStorage<TestScope>();

/**
 * All that happens on behalf of one tested application: whatever its code sets in motion, at once or later, finds its way
 * back here. The test around it, and other applications in the process, have no part in it.
 *
 * Async hooks and replaced methods cost time, so they are in force only while a scope is open.
 */
export class TestScope {
  /** Where spans that are started inside go. */
  recorder: SpanRecorder | undefined;
  private readonly resources = new OpenedResources();
  private readonly listeners = new AddedListeners();
  private isOpen = false;

  /** From now on what is opened inside is taken down. */
  open(): void {
    if (this.isOpen) return;
    this.isOpen = true;
    if (openScopes++ === 0) {
      endings = [
        watchResources(() => storage.getStore()?.resources),
        watchListeners(() => storage.getStore()?.listeners),
      ];
    }
  }

  /** What is opened from now on is nobody's concern. Harmless twice. */
  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    if (--openScopes > 0) return;
    for (const end of endings) end();
    endings = [];
  }

  /** Does `work` inside of the scope. */
  run<T>(work: () => T): T {
    return storage.run(this, work);
  }

  /** What was opened inside and is still open, and listeners that are still there. */
  leaks(): Leak[] {
    return [...this.resources.leaks(), ...this.listeners.leaks()];
  }
}

let openScopes = 0;
let endings: (() => void)[] = [];

/** The scope that the code which is being executed belongs to. */
export function currentScope(): TestScope | undefined {
  return storage.getStore();
}
