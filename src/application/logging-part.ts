import type { PlatformSettings } from '../config/platform-settings.js';
import type { Clock } from '../contracts/clock.js';
import type { OuterPart } from '../lifecycle/participant.js';
import { captureConsole } from '../logging/capture-console.js';
import { LevelControl } from '../logging/level-control.js';
import { createLogging, type Logging } from '../logging/logging.js';
import type { RunLines } from '../logging/run-lines.js';
import type { LogDestination } from '../logging/log-destination.js';

/** What logging is set up with. */
export interface LoggingPartOptions {
  readonly application: string;
  readonly settings: PlatformSettings['logging'];
  readonly clock: Clock;
  readonly scrub: (text: string) => string;
  readonly destination: LogDestination | undefined;
  /** Lines for people, where configuration does not say. */
  readonly pretty: boolean | undefined;
  /** Keeps the last lines of each run. */
  readonly lines: RunLines;
}

/** Logging as a part that is up before everything else and down after it. Lines can be written before and after that too. */
export class LoggingPart implements OuterPart {
  readonly name = 'logging';
  readonly levels: LevelControl;
  private releaseConsole: () => void = () => undefined;

  private constructor(
    readonly logging: Logging,
    clock: Clock,
    private readonly capturesConsole: boolean,
  ) {
    this.levels = new LevelControl(logging, clock);
  }

  /** Sets logging up. */
  static async create(options: LoggingPartOptions): Promise<LoggingPart> {
    const { application, settings, clock, scrub, destination, lines } = options;
    const { level, levels } = settings;
    const logging = await createLogging({
      ...{ application, level, levels, scrub, destination },
      pretty: settings.pretty ?? options.pretty,
      now: () => clock.now(),
      onLine: (line) => {
        lines.take(line);
      },
    });
    return new LoggingPart(logging, clock, settings.captureConsole);
  }

  start(): void {
    if (this.capturesConsole) this.releaseConsole = captureConsole(this.logging.logger('console'));
  }

  stop(): void {
    this.releaseConsole();
    this.levels.close();
  }
}
