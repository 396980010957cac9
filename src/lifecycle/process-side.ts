import type { OpenResource } from '../contracts/stop-report.js';
import type { StopLimits } from './stop-limits.js';

/** What a process adds to the application that it is there for. An application that is embedded has none of it. */
export interface ProcessSide {
  /**
   * The stop begins; nothing has been done yet.
   * @param callsForeignCode whether it calls code that is not the platform's own, which may do anything
   */
  stopping(limits: StopLimits, callsForeignCode: boolean): void;
  /** Writes text for the person at the terminal; undefined where standard output is none. */
  readonly tell: ((text: string) => void) | undefined;
  /**
   * What would keep the process alive now.
   * @param abandoned the workers that were left behind: what is open is likely to be theirs
   */
  openResources(abandoned: readonly string[]): readonly OpenResource[];
}
