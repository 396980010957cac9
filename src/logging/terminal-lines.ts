import type { LogDestination } from './log-destination.js';

/** What {@link TerminalLines} writes to. */
interface TerminalOutput extends LogDestination {
  counts(): { readonly waiting: number };
}

/**
 * Lines on their way to a terminal, where something may stand below them. Whoever has put it there is given each line first,
 * to make room for it. Both go out by one way, so that neither can come in between the other.
 */
export class TerminalLines implements LogDestination {
  /** Takes each line instead of the terminal; undefined while nothing stands below. Must hand it to {@link paint} at once. */
  below: ((line: string) => void) | undefined;

  constructor(private readonly output: TerminalOutput) {}

  /** Whether the terminal takes what it is given. It does not while somebody holds it (Ctrl-S). */
  get isKeepingUp(): boolean {
    return this.output.counts().waiting === 0;
  }

  /** How wide it is now. */
  get columns(): number {
    return process.stdout.columns || 80;
  }

  write(line: string): void {
    if (this.below === undefined) this.paint(line);
    else this.below(line);
  }

  /** Writes as it is, control sequences included. */
  paint(text: string): void {
    this.output.write(text);
  }

  flush(): unknown {
    return this.output.flush?.();
  }
}
