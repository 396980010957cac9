import type { Clock, Timer } from '../contracts/clock.js';
import type { LogLevelEvent } from '../contracts/events.js';
import type { LevelChange, LevelOverride, LoggerReport, LoggingReport } from '../contracts/log-report.js';
import type { LogLevel } from '../contracts/logger.js';
import { PlbaError } from '../errors.js';
import { clip } from '../plain/plain-value.js';
import { formatDuration, parseDuration } from '../time/duration.js';
import type { LevelSettings } from './log-levels.js';
import type { Logging } from './logging.js';

/** Every level, from most to least talkative. */
export const logLevels: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** The logger of a name that stands for all others. */
const everyOther = 'default';

/** Shows and changes the levels of an application's loggers while it runs. */
export class LevelControl {
  /** Called after each change. */
  onChange: (change: LogLevelEvent) => void = () => undefined;
  private readonly timers = new Map<string, Timer>();

  constructor(
    private readonly logging: Logging,
    private readonly clock: Clock,
  ) {}

  /** The level of every logger there is, and of every name that something was written for. */
  report(): LoggingReport {
    const names = [...this.known()].sort();
    const loggers = Object.fromEntries(names.map((name) => [name, this.reportOn(name)]));
    return { loggers, lines: this.logging.counts() };
  }

  /**
   * Sets the level of a logger, and of those below it that nothing of their own is written for; takes effect at once, and replaces
   * what was set for the same name before.
   * @throws `LOGGER_UNKNOWN`, `LOG_LEVEL_INVALID`, `DURATION_INVALID`
   */
  set(name: string, change: LevelChange): LoggerReport {
    this.check(name, change);
    const forMs = change.for === undefined ? undefined : parseDuration(change.for, 'for');
    this.timers.get(name)?.cancel();
    this.timers.delete(name);
    if (change.level === 'inherit') this.change(name, undefined, change.by, change.reason);
    else this.override(name, change.level, change, forMs);
    return this.reportOn(name);
  }

  /** Other settings from configuration. What was set at runtime stays above them. */
  configure(settings: LevelSettings): void {
    this.logging.levels.configure(settings);
    this.logging.applyLevels();
  }

  /** Waits for nothing any more. */
  close(): void {
    for (const timer of this.timers.values()) timer.cancel();
    this.timers.clear();
  }

  private override(name: string, level: LogLevel, { by, reason }: LevelChange, forMs: number | undefined): void {
    const now = this.clock.now();
    this.change(
      name,
      {
        level,
        by,
        since: new Date(now),
        ...(reason !== undefined && { reason }),
        ...(forMs !== undefined && { until: new Date(now + forMs) }),
      },
      by,
      reason,
    );
    if (forMs === undefined) return;
    const revert = (): void => {
      this.timers.delete(name);
      this.change(name, undefined, 'plba', `${formatDuration(forMs)} are over`);
    };
    this.timers.set(name, this.clock.setTimer(forMs, revert, { keepAlive: false }));
  }

  private change(name: string, override: LevelOverride | undefined, by: string, reason: string | undefined): void {
    const { levels } = this.logging;
    const before = levels.effective(name);
    if (override === undefined) levels.revert(name);
    else levels.set(name, override);
    this.logging.applyLevels();
    const after = levels.effective(name);
    const because = reason === undefined ? '' : `: ${reason}`;
    const until = override?.until === undefined ? '' : ` until ${override.until.toISOString()}`;
    this.logging
      .logger('plba.logging')
      .info(
        { logger: name, before, after, by, reason },
        `level of "${name}" is ${after}${until}, was ${before}${because}`,
      );
    this.onChange({
      type: 'log-level',
      logger: name,
      from: before,
      to: after,
      by,
      ...(reason !== undefined && { reason }),
    });
  }

  private check(name: string, { level }: LevelChange): void {
    if (level !== 'inherit' && !logLevels.includes(level)) {
      throw new PlbaError('LOG_LEVEL_INVALID', `${JSON.stringify(clip(level, 50))} is no level`, {
        hint: `there are: ${logLevels.join(', ')}; "inherit" takes back what was set before`,
      });
    }
    const known = this.known();
    if (known.has(name)) return;
    throw new PlbaError('LOGGER_UNKNOWN', `no logger is called ${JSON.stringify(clip(name, 100))}`, {
      hint: `there are: ${[...known].sort().slice(0, 50).join(', ')}`,
    });
  }

  /** The loggers there are, the names that they are below of, and the names that something is written for. */
  private known(): ReadonlySet<string> {
    const known = new Set([everyOther, ...this.logging.levels.names()]);
    for (const name of this.logging.names()) {
      for (let end = name.length; end > 0; end = name.lastIndexOf('.', end - 1)) known.add(name.slice(0, end));
    }
    return known;
  }

  private reportOn(name: string): LoggerReport {
    const { levels } = this.logging;
    const override = levels.override(name);
    return {
      configured: levels.configured(name),
      effective: levels.effective(name),
      ...(override !== undefined && { override }),
    };
  }
}
