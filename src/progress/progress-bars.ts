import type * as CliProgress from 'cli-progress';
import type { MultiBar, SingleBar } from 'cli-progress';
import type { RunRecord } from '../contracts/run.js';
import { barText } from './bar-text.js';

/** The terminal that bars are painted on, below the log lines. */
export interface BarScreen {
  /** Takes each log line while there are bars. */
  below: ((line: string) => void) | undefined;
  readonly isKeepingUp: boolean;
  readonly columns: number;
  paint(text: string): void;
}

/** How {@link ProgressBars} are made. */
export interface ProgressBarsOptions {
  readonly screen: BarScreen;
  /** Makes text fit to stand on a terminal: no secret and no control character in it. */
  readonly clean: (text: string) => string;
  /** The time of day in milliseconds. */
  readonly now: () => number;
}

type Library = Pick<typeof CliProgress, 'MultiBar'>;

const clearToEnd = '\x1b[0J';

/**
 * A bar for each run in progress that says how far it is, below the log lines of a terminal. A run that ends leaves its last line
 * among those of the log.
 */
export class ProgressBars {
  private readonly bars = new Map<string, SingleBar>();
  private multi: MultiBar | undefined;
  /** What the library writes, until it is a whole picture. */
  private pending = '';
  private lastPicture = '';
  /** The next picture takes the place of the last one, so that it can as well be left out. */
  private isSteady = false;

  constructor(
    private readonly library: Library,
    private readonly options: ProgressBarsOptions,
  ) {}

  /** Shows how far a run is. */
  show(run: RunRecord): void {
    if (run.progress === undefined) return;
    const bar = this.bars.get(run.id);
    if (bar !== undefined) {
      bar.update(0, { run });
      return;
    }
    this.multi ??= this.open();
    // The library counts from 0 to 1; how far the run is stands in what is handed to the format.
    this.bars.set(run.id, this.multi.create(1, 0, { run }));
    this.isSteady = false;
    this.multi.update();
  }

  /** The run has ended: its bar goes, and what it has come to stays. */
  end(run: RunRecord): void {
    const bar = this.bars.get(run.id);
    if (bar === undefined) return;
    this.bars.delete(run.id);
    this.isSteady = false;
    this.multi?.remove(bar);
    this.print(`${this.text(run)}\n`);
    if (this.bars.size === 0) this.close();
  }

  /** Takes all bars away. */
  close(): void {
    const { multi } = this;
    this.multi = undefined;
    this.bars.clear();
    this.options.screen.below = undefined;
    this.isSteady = false;
    multi?.stop();
    this.paint();
  }

  private open(): MultiBar {
    const { screen } = this.options;
    const multi = new this.library.MultiBar({
      stream: this.stream(),
      format: (_options, _params, { run }: { run: RunRecord }) => this.text(run),
      fps: 10,
      // The library would turn the wrapping of long log lines off, and take it for granted that a bar has changed.
      linewrap: true,
      forceRedraw: true,
      clearOnComplete: true,
    });
    multi.on('update-post', () => {
      this.paint();
    });
    screen.below = (line) => {
      this.print(line);
    };
    return multi;
  }

  /** Writes a line above the bars. */
  private print(line: string): void {
    if (this.multi === undefined) {
      this.options.screen.paint(line);
      return;
    }
    this.isSteady = false;
    this.multi.log(clearToEnd + line);
    this.multi.update();
  }

  /** Hands over a whole picture at once: no log line comes into the middle of one. */
  private paint(): void {
    const { screen } = this.options;
    const picture = this.pending;
    this.pending = '';
    // Pictures must not push out log lines that wait for a terminal that somebody holds.
    if (this.isSteady && (picture === this.lastPicture || !screen.isKeepingUp)) return;
    this.isSteady = true;
    this.lastPicture = picture;
    screen.paint(picture);
  }

  private text(run: RunRecord): string {
    const { screen, clean, now } = this.options;
    const { progress = { done: 0, at: run.started }, outcome } = run;
    const { note, ...numbers } = progress;
    const isOver = outcome !== undefined;
    return barText(
      {
        name: run.worker,
        progress: { ...numbers, ...(note !== undefined && { note: clean(note) }) },
        ageMs: now() - progress.at.getTime(),
        ...(isOver && { end: outcome }),
      },
      // A line that fills the last column makes some terminals begin another.
      screen.columns - 1,
    );
  }

  /** What the library takes for its stream. */
  private stream(): NodeJS.WritableStream {
    const { screen } = this.options;
    const stream = {
      isTTY: true,
      get columns() {
        return screen.columns;
      },
      write: (text: string) => {
        this.pending += text;
        return true;
      },
    };
    return stream as unknown as NodeJS.WritableStream;
  }
}
