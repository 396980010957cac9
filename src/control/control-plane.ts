import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../contracts/clock.js';
import type { Logger } from '../contracts/logger.js';
import type { OperatorView } from '../contracts/reports.js';
import { PlbaError } from '../errors.js';
import { sendAnswer } from './answer.js';
import { Authenticator } from './authority.js';
import { checkExposure } from './check-exposure.js';
import { Connections } from './connections.js';
import { type ControlLimits, controlLimits, type ControlSettings } from './control-settings.js';
import { createControlServer, listen } from './control-server.js';
import { HealthAnswers } from './health-answers.js';
import { HealthFront } from './health-front.js';
import { healthRoutes } from './health-routes.js';
import { hostRule } from './host-rules.js';
import { indexRoute } from './index-route.js';
import { jsonWriter, type Scrub, type ToJson } from './json-text.js';
import { type KoaChainParts, loadKoaChain } from './koa-chain.js';
import { ledgerRoutes } from './ledger-routes.js';
import { metricsRoutes } from './metrics-routes.js';
import { loggerRoutes } from './logger-routes.js';
import { problemAnswer } from './problem.js';
import { RequestCounts } from './request-counts.js';
import type { Route } from './route.js';
import { statusRoutes } from './status-routes.js';
import { workerRoutes } from './worker-routes.js';

/** What a {@link ControlPlane} is given. */
export interface ControlPlaneOptions {
  readonly settings: ControlSettings;
  /** What it shows and steers. Nothing else of the runtime is known to it. */
  readonly view: OperatorView;
  readonly log: Logger;
  readonly clock: Clock;
  /** Takes secrets out of every body. Default: there are none. */
  readonly scrub?: Scrub | undefined;
  /** Routes of further parts of the runtime, and the application's own. */
  readonly routes?: readonly Route[];
  /** Where its answers are counted. Default: nowhere that anybody sees. */
  readonly counts?: RequestCounts;
  /** Other limits than {@link controlLimits}, for tests that will not wait. */
  readonly limits?: Partial<ControlLimits>;
}

/** Where a control plane listens. */
export interface ControlAddress {
  /** The address, without brackets. */
  readonly host: string;
  readonly port: number;
}

/**
 * The HTTP side of the runtime: operators look in and steer, probes ask how it is. Comes up before everything else and
 * goes down last. Has one life: it starts once and stops once.
 */
export class ControlPlane {
  readonly #settings: ControlSettings;
  readonly #log: Logger;
  readonly #clock: Clock;
  readonly #limits: ControlLimits;
  readonly #toJson: ToJson;
  readonly #scrub: Scrub;
  readonly #authenticator: Authenticator;
  readonly #connections: Connections;
  readonly #counts: RequestCounts;
  readonly #health: HealthAnswers;
  readonly #routes: readonly Route[];
  readonly #server: Server;
  #front: HealthFront | undefined;
  #chainParts: KoaChainParts | undefined;
  #chain: Promise<RequestListener> | undefined;
  #starting: Promise<ControlAddress> | undefined;
  #stopping: Promise<void> | undefined;

  constructor({ settings, view, log, clock, scrub, limits, counts, routes: further = [] }: ControlPlaneOptions) {
    this.#settings = settings;
    this.#log = log;
    this.#counts = counts ?? new RequestCounts();
    this.#clock = clock;
    this.#limits = { ...controlLimits, ...limits };
    this.#toJson = jsonWriter(scrub);
    this.#scrub = scrub ?? ((text) => text);
    this.#authenticator = new Authenticator(settings);
    this.#connections = new Connections(this.#limits.maxConnections);
    this.#health = new HealthAnswers(view, this.#toJson);
    const own = [
      ...healthRoutes(this.#health),
      ...statusRoutes(view),
      ...workerRoutes(view),
      ...ledgerRoutes(view),
      ...metricsRoutes(view),
      ...loggerRoutes(view),
    ];
    const routes = [...own, ...further];
    this.#routes = [indexRoute(routes), ...routes];
    this.#server = createControlServer({
      limits: this.#limits,
      connections: this.#connections,
      toJson: this.#toJson,
      onRequest: (request, response) => {
        this.#answer(request, response);
      },
    });
  }

  /**
   * Listens; the answer says where, which is news when the port was 0.
   *
   * @throws PlbaError `CONTROL_EXPOSED`, `CONTROL_LISTEN_FAILED`; `START_ABORTED` once it was told to stop
   */
  start(): Promise<ControlAddress> {
    this.#starting ??= this.#listen().catch((error: unknown) => {
      this.#health.close();
      throw error;
    });
    return this.#starting;
  }

  /**
   * Takes no new connections, lets answers in progress leave, and cuts off what is left after a moment. Always resolves,
   * whatever clients do; harmless before the start and twice.
   */
  stop(): Promise<void> {
    return (this.#stopping ??= this.#close());
  }

  async #listen(): Promise<ControlAddress> {
    checkExposure(this.#settings);
    if (this.#stopping !== undefined) throw new PlbaError('START_ABORTED', 'the control plane was told to stop');
    const address = await listen(this.#server, this.#settings.host, this.#settings.port);
    this.#open(address);
    try {
      // A name can mean anything: what counts is the address that it led to.
      checkExposure({ ...this.#settings, host: address.address });
    } catch (error) {
      this.#server.close();
      throw error;
    }
    return { host: address.address, port: address.port };
  }

  /** Nothing can have been asked yet: the first connection comes a turn of the event loop after listening. */
  #open({ port }: AddressInfo): void {
    const rule = hostRule(this.#settings.host, port);
    // Without a listener an error at accepting a connection, such as too many open files, would end the process.
    this.#server.on('error', (error) => {
      this.#log.error({ err: error }, 'the control plane cannot take a connection');
    });
    this.#front = new HealthFront(this.#health, this.#authenticator, rule, this.#counts);
    this.#chainParts = {
      routes: this.#routes,
      authenticator: this.#authenticator,
      hostRule: rule,
      limits: this.#limits,
      log: this.#log,
      toJson: this.#toJson,
      scrub: this.#scrub,
      counts: this.#counts,
    };
  }

  async #close(): Promise<void> {
    await this.#starting?.catch(() => undefined);
    const closed = new Promise<void>((resolve) =>
      this.#server.close(() => {
        resolve();
      }),
    );
    await this.#connections.drain(this.#clock, this.#limits.stopGraceMs);
    await closed;
    this.#health.close();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    if (this.#front?.answer(request, response)) return;
    this.#connections.begin(response);
    this.#loadChain()
      .then((chain) => {
        chain(request, response);
      })
      .catch((error: unknown) => {
        this.#log.error({ err: error }, 'the control plane could not load its routes');
        sendAnswer(response, problemAnswer(error, this.#toJson));
      });
  }

  #loadChain(): Promise<RequestListener> {
    if (this.#chainParts === undefined) return Promise.reject(new Error('a request came before the start'));
    this.#chain ??= loadKoaChain(this.#chainParts).catch((error: unknown) => {
      // The next request tries again.
      this.#chain = undefined;
      throw error;
    });
    return this.#chain;
  }
}
