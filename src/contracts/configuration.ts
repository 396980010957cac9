import type { Newable } from 'inversify';
import type { ReloadReport } from './config-report.js';

/** A section of the configuration that is always the one in force: inject it with `@inject(configRef(InvoiceConfig))`. */
export interface ConfigRef<T extends object> {
  /** The values in force now: validated, frozen. Another object after each reload that has changed the section. */
  readonly current: T;
  /** Calls back after each reload that has changed the section. Answers how to end that. */
  onChange(listener: (now: T, before: T) => void): () => void;
}

/** The configuration of the application: `tokens.Configuration`. */
export interface Configuration {
  /** The values of a section that are in force now. Whoever keeps them keeps a copy: see {@link ref}. */
  get<T extends object>(type: Newable<T>): T;
  /** A section that is always the one in force. */
  ref<T extends object>(type: Newable<T>): ConfigRef<T>;
  /** Calls back after each reload that has changed anything, sections first. Answers how to end that. */
  onChange(listener: (report: ReloadReport) => void): () => void;
}
