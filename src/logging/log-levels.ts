import type { LevelOverride } from '../contracts/log-report.js';
import type { LogLevel } from '../contracts/logger.js';
import { levelOf } from './level-of.js';

/** The levels of an application's loggers as configuration has them. */
export interface LevelSettings {
  /** Of a logger that `levels` says nothing about. */
  readonly level: LogLevel;
  /** By name; `default` is for all others. */
  readonly levels: Readonly<Record<string, LogLevel>>;
}

/** What applies to which logger: configuration, and above it what was set at runtime. Pure bookkeeping. */
export class LogLevels {
  private readonly overrides = new Map<string, LevelOverride>();

  constructor(private settings: LevelSettings) {}

  /** Other settings; what was set at runtime stays above them. */
  configure(settings: LevelSettings): void {
    this.settings = settings;
  }

  /** The level that configuration alone gives a logger, by its own name or one that it is below of. */
  configured(name: string): LogLevel {
    return levelOf(name, this.settings.levels, this.settings.level);
  }

  /** The level in force. */
  effective(name: string): LogLevel {
    if (this.overrides.size === 0) return this.configured(name);
    const set = [...this.overrides].map(([key, { level }]): [string, LogLevel] => [key, level]);
    return levelOf(name, { ...this.settings.levels, ...Object.fromEntries(set) }, this.settings.level);
  }

  override(name: string): LevelOverride | undefined {
    return this.overrides.get(name);
  }

  set(name: string, override: LevelOverride): void {
    this.overrides.set(name, override);
  }

  /** Takes back what was set. False when nothing was. */
  revert(name: string): boolean {
    return this.overrides.delete(name);
  }

  /** Every name that something was written or set for. */
  names(): readonly string[] {
    return [...new Set([...Object.keys(this.settings.levels), ...this.overrides.keys()])];
  }
}
