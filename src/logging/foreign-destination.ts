import type { LogLineCounts } from '../contracts/log-report.js';
import type { LogDestination } from './log-destination.js';

/** A destination that somebody else has written: whatever it does, the application goes on, and lines are counted. */
export class ForeignDestination {
  private written = 0;
  private dropped = 0;

  constructor(private readonly destination: LogDestination) {
    // pino's transports say by an event that their thread has failed. Nobody listening would end the process.
    const emitter = destination as { on?: (event: 'error', listener: () => void) => unknown };
    if (typeof emitter.on === 'function') emitter.on('error', () => undefined);
  }

  write(line: string): void {
    try {
      this.destination.write(line);
      this.written++;
    } catch {
      this.dropped++;
    }
  }

  counts(): LogLineCounts {
    return { written: this.written, waiting: 0, dropped: this.dropped };
  }

  async flush(): Promise<void> {
    const { destination } = this;
    if (destination.flush === undefined) return;
    try {
      if (destination.flush.length === 0) await destination.flush();
      else await flushed(destination);
    } catch {
      // What cannot leave cannot be helped here, and the application still has to end.
    }
  }
}

function flushed(destination: LogDestination): Promise<void> {
  return new Promise((resolve) => {
    destination.flush?.(() => {
      resolve();
    });
  });
}
