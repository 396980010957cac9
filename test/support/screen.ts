/** What a person sees of what was written to a terminal: the little of its language that progress bars speak. */
export class Screen {
  private readonly rows: string[] = [''];
  private row = 0;
  private column = 0;

  write(text: string): void {
    // eslint-disable-next-line no-control-regex -- control sequences are the point
    for (const [token] of text.matchAll(/\x1b\[(\d*)[A-Za-z]|[^\x1b]/gs)) {
      if (token.startsWith('\x1b')) this.obey(token.at(-1) ?? '', token.slice(2, -1));
      else if (token === '\n') this.down();
      else if (token === '\r') this.column = 0;
      else this.put(token);
    }
  }

  /** The lines that are there, without blanks at their ends and empty ones at the end of all. */
  get lines(): string[] {
    return this.rows.join('\n').trimEnd().split(/ *\n/);
  }

  private obey(command: string, digits: string): void {
    const number = Number(digits);
    if (command === 'A') this.row = Math.max(0, this.row - (number || 1));
    else if (command === 'G') this.column = (number || 1) - 1;
    else if (command === 'K') this.set(this.row, number === 2 ? '' : this.line.slice(0, this.column));
    else if (command === 'J') {
      this.set(this.row, this.line.slice(0, this.column));
      this.rows.length = this.row + 1;
    } else if (command !== 'm') throw new Error(`a sequence that is not known here: ${digits}${command}`);
  }

  private down(): void {
    this.row++;
    this.column = 0;
    if (this.row === this.rows.length) this.rows.push('');
  }

  private put(character: string): void {
    const before = this.line.slice(0, this.column).padEnd(this.column);
    this.set(this.row, before + character + this.line.slice(this.column + 1));
    this.column++;
  }

  private get line(): string {
    return this.rows[this.row] ?? '';
  }

  private set(row: number, text: string): void {
    this.rows[row] = text;
  }
}
