import type { Newable } from 'inversify';
import { Followers } from '../config/followers.js';
import {
  loadConfiguration,
  type ConfigurationRequest,
  type LoadedConfiguration,
} from '../config/load-configuration.js';
import { sectionOf } from '../config/decorators.js';
import { ConfigurationError } from '../config/violation.js';
import type { Clock } from '../contracts/clock.js';
import type { ConfigChange, ConfigEffect, ConfigReport, ReloadReport } from '../contracts/config-report.js';
import type { ConfigurationEvent } from '../contracts/events.js';
import type { Logger } from '../contracts/logger.js';
import { PlbaError, type ErrorCode } from '../errors.js';
import type { EventSink } from '../events/event-sink.js';
import type { HealthService } from '../health/health-service.js';
import { configChanges } from './config-changes.js';
import type { PreparedSettings } from './reload-target.js';

/** What a reload reaches besides the sections of the application. */
export interface ReloadTarget {
  /** Prepares the settings of the platform, which have been checked. */
  prepare(next: LoadedConfiguration): Promise<PreparedSettings>;
  readonly health: HealthService;
  readonly events: EventSink;
  /** Whether the application goes down. What drains keeps the configuration that it has. */
  readonly isStopping: () => boolean;
}

/** Who asked for a reload, and why, where that was said. */
type Wish = Pick<ConfigurationEvent, 'by' | 'askedBecause'>;

/** The name under which health says that a reload was refused. */
const healthName = 'plba.configuration';

/** The configuration in force, and how it becomes another one. */
export class ConfigurationPart {
  readonly followers: Followers;
  private since: Date;
  private refused: ConfigReport['refused'];
  private target: ReloadTarget | undefined;
  private isInHealth = false;
  private log: Logger | undefined;
  /** One reload after the other: the last one asked for is the one in force. */
  private last: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly request: ConfigurationRequest,
    private readonly clock: Clock,
    private loaded: LoadedConfiguration,
  ) {
    this.since = new Date(clock.now());
    this.followers = new Followers(loaded, (error) =>
      this.log?.error({ err: error }, 'a listener to configuration threw'),
    );
  }

  /** Loads the configuration. @throws what {@link loadConfiguration} throws, as {@link startError} sees it */
  static async load(request: ConfigurationRequest, clock: Clock): Promise<ConfigurationPart> {
    const loaded = await loadConfiguration(request).catch((error: unknown) => {
      throw startError(error);
    });
    return new ConfigurationPart(request, clock, loaded);
  }

  get settings(): LoadedConfiguration['settings'] {
    return this.loaded.settings;
  }

  /** Whom a reload reaches. Before the first one. */
  connect(target: ReloadTarget, log: Logger): void {
    this.target = target;
    this.log = log;
  }

  report(): ConfigReport {
    const { since, refused } = this;
    return { since, values: this.loaded.entries(), ...(refused !== undefined && { refused }) };
  }

  /**
   * Reads everything again. All of it is checked before any of it counts, so a mistake anywhere changes nothing.
   * @param askedBecause what was given as the reason
   * @throws ConfigurationError with every violation; health is degraded until a reload is taken. `APPLICATION_STATE` once the application
   *   stops
   */
  reload(by: string, askedBecause?: string): Promise<ReloadReport> {
    const reload = this.last.then(() => this.reloadNow({ by, ...(askedBecause !== undefined && { askedBecause }) }));
    this.last = reload.catch(() => undefined);
    return reload;
  }

  private async reloadNow(wish: Wish): Promise<ReloadReport> {
    const { target } = this;
    if (target === undefined)
      throw new PlbaError('APPLICATION_STATE', 'configuration is reloaded after the start only');
    this.refuseWhileStopping(wish, target);
    let next: LoadedConfiguration;
    let prepared: PreparedSettings;
    try {
      next = await loadConfiguration(this.request);
      prepared = await target.prepare(next);
    } catch (error) {
      throw this.refuse(error, wish, target);
    }
    this.refuseWhileStopping(wish, target);
    return this.adopt(next, prepared, wish, target);
  }

  private refuseWhileStopping(wish: Wish, { isStopping }: ReloadTarget): void {
    if (!isStopping()) return;
    const message = 'configuration stays as it is: the application stops';
    this.log?.warn(wish, message);
    throw new PlbaError('APPLICATION_STATE', message, { hint: 'what is written counts from the next start' });
  }

  private adopt(next: LoadedConfiguration, prepared: PreparedSettings, wish: Wish, target: ReloadTarget): ReloadReport {
    const { sections, workerNames } = this.request;
    const byName = new Map(sections.map((type) => [sectionOf(type) ?? '', type]));
    const effectOn = (section: string) => {
      const type = byName.get(section);
      return type === undefined ? 'restart' : this.followers.effectOn(type);
    };
    const changes = configChanges(this.loaded, next, workerNames, effectOn, prepared.isLive);
    const needsRestart = changes.filter(({ effect }) => effect !== 'live').map(({ path }) => path);
    const report: ReloadReport = { changes, needsRestart };
    prepared.putInForce();
    this.loaded = next;
    this.since = new Date(this.clock.now());
    this.refused = undefined;
    this.followers.adopt(next, changedSections(byName, report), report);
    this.tellHealth(target);
    this.log?.info({ ...wish, changes }, `configuration was reloaded, ${inWords(changes)}`);
    target.events.publish({ type: 'configuration', outcome: 'applied', ...wish, changes });
    return report;
  }

  private refuse(error: unknown, wish: Wish, target: ReloadTarget): ConfigurationError {
    const refusal = error instanceof ConfigurationError ? error : this.asReport(error);
    const [first] = refusal.violations;
    const more = refusal.violations.length > 1 ? `, and ${refusal.violations.length - 1} more` : '';
    const reason = `a reload was refused: ${first === undefined ? '' : `${first.path} ${first.rule}`}${more}`;
    this.refused = { at: new Date(this.clock.now()), by: wish.by, reason };
    this.log?.error({ ...wish, violations: refusal.violations }, `configuration stays as it is, ${reason}`);
    this.tellHealth(target);
    target.events.publish({ type: 'configuration', outcome: 'refused', ...wish, reason });
    return refusal;
  }

  /** What the platform's own checks find is a violation like any other. */
  private asReport(error: unknown): ConfigurationError {
    const rule = error instanceof Error ? error.message : String(error);
    const hint = error instanceof PlbaError ? error.hint : undefined;
    const violation = { path: 'plba', rule, ...(hint !== undefined && { hint }) };
    return new ConfigurationError([violation], (text) => this.request.vault.scrub(text));
  }

  private tellHealth({ health }: ReloadTarget): void {
    if (!this.isInHealth) {
      // Most applications never need it, and their answers stay as they are.
      if (this.refused === undefined) return;
      this.isInHealth = true;
      const check = () =>
        this.refused === undefined ? 'ok' : { status: 'degraded' as const, reason: this.refused.reason };
      health.addContributor({ name: healthName, groups: [], critical: false }, { check });
    }
    void health.refresh();
  }
}

function changedSections(byName: ReadonlyMap<string, Newable<object>>, { changes }: ReloadReport): Newable<object>[] {
  const changed = new Set(changes.map(({ path }) => path.split('.')[0] ?? ''));
  return [...byName].flatMap(([section, type]) => (changed.has(section) ? [type] : []));
}

/** What was changed, and what of it does not count everywhere yet. */
function inWords(changes: readonly ConfigChange[]): string {
  const paths = (wanted: ConfigEffect): string =>
    changes
      .filter(({ effect }) => effect === wanted)
      .map(({ path }) => path)
      .join(', ');
  const [restart, partly] = [paths('restart'), paths('partly')];
  return [
    changes.length === 1 ? '1 value changed' : `${changes.length} values changed`,
    ...(restart === '' ? [] : [`from the next start: ${restart}`]),
    ...(partly === '' ? [] : [`now for who follows the section, for others from the next start: ${partly}`]),
  ].join('; ');
}

/** What makes a start fail though every value is one that could be meant: an open door, a group of the wrong members. */
const startErrors: ReadonlySet<unknown> = new Set<ErrorCode>([
  'CONTROL_EXPOSED',
  'HEALTH_GROUP_INVALID',
  'HEALTH_MEMBER_UNKNOWN',
]);

/** A start error by itself keeps its own code. Beside other violations it stands in their report. */
function startError(error: unknown): unknown {
  if (!(error instanceof ConfigurationError)) return error;
  const [violation, ...others] = error.violations;
  if (violation?.code === undefined || others.length > 0 || !startErrors.has(violation.code)) return error;
  const { code, path, rule, from, hint } = violation;
  const where = from === undefined ? '' : `, in ${from}`;
  return new PlbaError(code, `${path}: ${rule}${where}`, hint === undefined ? {} : { hint });
}
