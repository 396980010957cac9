/** A line that waits, or the rest of one. */
interface WaitingLine {
  readonly bytes: Buffer;
  /** Part of the line is out already. */
  readonly isBegun: boolean;
}

/** Lines in order of arrival, up to a number of bytes. */
export class WaitingLines {
  private lines: WaitingLine[] = [];
  private head = 0;
  /** How much waits. */
  bytes = 0;

  constructor(private readonly limitBytes: number) {}

  /** How many wait. */
  get size(): number {
    return this.lines.length - this.head;
  }

  get first(): WaitingLine | undefined {
    return this.lines[this.head];
  }

  /** Takes a line in. False when there is no room. */
  add(bytes: Buffer): boolean {
    if (this.bytes + bytes.length > this.limitBytes) return false;
    this.push({ bytes, isBegun: false });
    return true;
  }

  /** Takes in the rest of a line, whatever the limit says. */
  addBegun(bytes: Buffer): void {
    this.push({ bytes, isBegun: true });
  }

  /** Less of the first line is left to write. */
  replaceFirst(bytes: Buffer, isBegun: boolean): void {
    const { first } = this;
    if (first === undefined) return;
    this.bytes -= first.bytes.length - bytes.length;
    this.lines[this.head] = { bytes, isBegun };
  }

  removeFirst(): void {
    const { first } = this;
    if (first === undefined) return;
    this.bytes -= first.bytes.length;
    this.head++;
    // The places in front are given back now and then, not for each line: that would move all the others.
    if (this.head < 1_000 && this.head < this.lines.length) return;
    this.lines = this.lines.slice(this.head);
    this.head = 0;
  }

  private push(line: WaitingLine): void {
    this.lines.push(line);
    this.bytes += line.bytes.length;
  }
}
