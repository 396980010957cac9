import type { Newable } from 'inversify';
import type { ConfigEffect, ReloadReport } from '../contracts/config-report.js';
import type { Configuration, ConfigRef } from '../contracts/configuration.js';
import type { LoadedConfiguration } from './load-configuration.js';

type Listener = (now: object, before: object) => void;

/** Who has been given which section, and how: a copy, or a way to follow it. */
export class Followers implements Configuration {
  private readonly copied = new Set<Newable<object>>();
  private readonly followed = new Map<Newable<object>, Set<Listener>>();
  private readonly listeners = new Set<(report: ReloadReport) => void>();

  /** @param onError told what a listener throws: the others are told all the same */
  constructor(
    private loaded: LoadedConfiguration,
    private readonly onError: (error: unknown) => void,
  ) {}

  get<T extends object>(type: Newable<T>): T {
    const instance = this.loaded.instance(type);
    this.copied.add(type);
    return instance;
  }

  ref<T extends object>(type: Newable<T>): ConfigRef<T> {
    this.loaded.instance(type);
    const listeners = this.followed.get(type) ?? new Set<Listener>();
    this.followed.set(type, listeners);
    const current = (): T => this.loaded.instance(type);
    return {
      get current() {
        return current();
      },
      onChange: (listener) => {
        const added = listener as Listener;
        listeners.add(added);
        return () => listeners.delete(added);
      },
    };
  }

  onChange(listener: (report: ReloadReport) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** What a change of a section means to those who have it. */
  effectOn(type: Newable<object>): ConfigEffect {
    if (!this.followed.has(type)) return 'restart';
    return this.copied.has(type) ? 'partly' : 'live';
  }

  /** Other values are in force: all of them at once, and only then is anybody told. */
  adopt(next: LoadedConfiguration, changed: readonly Newable<object>[], report: ReloadReport): void {
    const before = this.loaded;
    this.loaded = next;
    for (const type of changed) {
      for (const listener of this.followed.get(type) ?? [])
        this.tell(() => {
          listener(next.instance(type), before.instance(type));
        });
    }
    if (report.changes.length === 0) return;
    for (const listener of this.listeners)
      this.tell(() => {
        listener(report);
      });
  }

  private tell(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.onError(error);
    }
  }
}
