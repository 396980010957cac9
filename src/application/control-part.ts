import type { PlatformSettings } from '../config/platform-settings.js';
import type { Clock } from '../contracts/clock.js';
import type { Logger } from '../contracts/logger.js';
import type { OperatorView } from '../contracts/reports.js';
import type { ControlPlane } from '../control/control-plane.js';
import { RequestCounts } from '../control/request-counts.js';
import type { Route } from '../control/route.js';
import type { OuterPart } from '../lifecycle/participant.js';

/** The control plane as a part that is up before the first worker and down after the last. Loaded when it is enabled. */
export class ControlPart implements OuterPart {
  readonly name = 'control plane';
  /** What it has answered. */
  readonly counts = new RequestCounts();
  /** Where it listens; undefined while it does not. */
  address: { readonly host: string; readonly port: number } | undefined;
  private plane: ControlPlane | undefined;
  private view: OperatorView | undefined;
  private readonly routes: Route[] = [];

  constructor(
    private readonly settings: PlatformSettings['control'],
    private readonly clock: Clock,
    private readonly log: Logger,
    private readonly scrub: (text: string) => string,
  ) {}

  /** What it shows. Before {@link start}. */
  show(view: OperatorView): void {
    this.view = view;
  }

  /** Answers more than the workers and their health. Before {@link start}. */
  add(...routes: readonly Route[]): void {
    this.routes.push(...routes);
  }

  async start(): Promise<void> {
    const { settings, view, clock, log, scrub, routes, counts } = this;
    if (!settings.enabled || view === undefined) return;
    const { ControlPlane } = await import('../control/control-plane.js');
    this.plane = new ControlPlane({ settings, view, log, clock, scrub, routes, counts });
    this.address = await this.plane.start();
    const host = this.address.host.includes(':') ? `[${this.address.host}]` : this.address.host;
    log.info(`control plane listens on http://${host}:${this.address.port}`);
  }

  async stop(): Promise<void> {
    await this.plane?.stop();
    this.address = undefined;
  }
}
