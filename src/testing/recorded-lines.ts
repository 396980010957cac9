import type { LogDestination } from '../logging/log-destination.js';

/** A log line as it would have been written. */
export interface LogLine {
  readonly level: string;
  readonly time: string;
  readonly name: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** Keeps log lines instead of writing them. */
export class RecordedLines implements LogDestination {
  readonly lines: LogLine[] = [];

  write(line: string): void {
    this.lines.push(JSON.parse(line) as LogLine);
  }
}
