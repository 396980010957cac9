import type { Duplex } from 'node:stream';
import type { PlatformSettings } from '../config/platform-settings.js';
import type { ApplicationEvents } from '../contracts/events.js';
import type { EventSink } from '../events/event-sink.js';
import type { Clock, Timer } from '../contracts/clock.js';
import type { Logger } from '../contracts/logger.js';
import type { OperatorView } from '../contracts/reports.js';
import type { Door } from '../control/door/authority.js';
import type { ControlPlane } from '../control/control-plane.js';
import type { ControlAddress } from '../control/control-plane-options.js';
import { inUrl } from '../control/door/host-rules.js';
import { TokenList } from '../control/door/token-list.js';
import { RequestCounts } from '../control/request-counts.js';
import type { Route } from '../control/route.js';
import type { OuterPart } from '../lifecycle/participant.js';
import { summarizeError } from '../plain/error-summary.js';
import { ConsoleLink, type ConsoleLinkOptions } from './console-link.js';

/** What a {@link ControlPart} is made of. */
export interface ControlPartOptions {
  /** Name of the application, which its Unix socket has too. */
  readonly application: string;
  readonly settings: PlatformSettings['control'];
  readonly clock: Clock;
  readonly log: Logger;
  readonly scrub: (text: string) => string;
  readonly events: ApplicationEvents & EventSink;
  /** Tells where the runtime folder is. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Makes a secret known. */
  readonly register: ConsoleLinkOptions['register'];
  /** Writes on the terminal, where the process has one. */
  readonly tell?: ConsoleLinkOptions['tell'];
}

/** The first runs of workers that have work to do write their lines before this is over. */
const linkAfterMs = 1_000;

/** The control plane as a part that is up before the first worker and down after the last. Loaded when it is enabled. */
export class ControlPart implements OuterPart {
  readonly name = 'control plane';
  /** What it has answered. */
  readonly counts = new RequestCounts();
  /** Where it listens; undefined while it does not. */
  address: ControlAddress | undefined;
  private opening: Promise<ControlPlane> | undefined;
  private view: OperatorView | undefined;
  private readonly routes: Route[] = [];
  private readonly link: ConsoleLink | undefined;
  private linkTimer: Timer | undefined;

  constructor(private readonly options: ControlPartOptions) {
    const { settings } = options;
    // Whoever has configured a token has it.
    const isWanted = settings.enabled && settings.link && !new TokenList(settings).isClosed;
    this.link = isWanted ? new ConsoleLink(options) : undefined;
  }

  /** What it shows. Before {@link start}. */
  show(view: OperatorView): void {
    this.view = view;
  }

  /** Answers more than the workers and their health. Before {@link start}. */
  add(...routes: readonly Route[]): void {
    this.routes.push(...routes);
  }

  async start(): Promise<void> {
    if (!this.options.settings.enabled) return;
    const plane = await (this.opening = this.open(await this.socketPaths()));
    this.address = await plane.start();
    this.tellWhere(this.address);
    this.showLink(this.address);
  }

  /** Serves a connection that nobody has listened for, also while it does not listen. For the test kit. */
  async connect(connection: Duplex, door: Door): Promise<void> {
    const plane = await (this.opening ??= this.open([]));
    await plane.connect(connection, door);
  }

  async stop(): Promise<void> {
    const plane = await this.opening;
    await plane?.stop();
    this.linkTimer?.cancel();
    await this.link?.withdraw();
    this.address = undefined;
  }

  private async open(socketPaths: readonly string[]): Promise<ControlPlane> {
    const { view, routes, counts } = this;
    if (view === undefined) throw new TypeError('the control plane has nothing to show');
    const { clock, log, scrub, events } = this.options;
    const settings = { ...this.options.settings, linkToken: this.link?.token };
    const { ControlPlane } = await import('../control/control-plane.js');
    return new ControlPlane({ settings, view, log, clock, scrub, routes, socketPaths, counts, events });
  }

  /** Without a setting there is a socket wherever that is possible: a read-only disk must not keep an application down. */
  private async socketPaths(): Promise<readonly string[]> {
    const { application, settings, env, log } = this.options;
    if (settings.socket === false || (settings.socket === undefined && process.platform === 'win32')) return [];
    if (settings.socket !== undefined) return [settings.socket];
    const { prepareFolder, runtimeFolder, socketCandidates } = await import('../control/door/socket-file.js');
    const folder = runtimeFolder(env);
    try {
      prepareFolder(folder);
      return socketCandidates(folder, application);
    } catch (error) {
      log.warn({ error: summarizeError(error) }, 'there is no socket for the command line');
      return [];
    }
  }

  /** The link comes when everything is up and has had its first say: what is written last is what a person sees. */
  private showLink(address: ControlAddress): void {
    const { link } = this;
    const { clock, events } = this.options;
    if (link === undefined) return;
    const unsubscribe = events.subscribe((event) => {
      if (event.type !== 'application-state' || event.to !== 'running') return;
      unsubscribe();
      this.linkTimer = clock.setTimer(linkAfterMs, () => void link.show(address), { keepAlive: false });
    });
  }

  private tellWhere({ host, port, isTls, socket, probes }: ControlAddress): void {
    const { log } = this.options;
    log.info(`control plane listens on ${isTls ? 'https' : 'http'}://${inUrl(host)}:${port}`);
    if (socket !== undefined) log.info(`control plane listens on ${socket} for the command line`);
    if (probes !== undefined) log.info(`probes are answered on http://${inUrl(probes.host)}:${probes.port}`);
  }
}
