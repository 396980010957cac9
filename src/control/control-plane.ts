import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { userInfo } from 'node:os';
import type { Duplex } from 'node:stream';
import type { ApplicationEvents } from '../contracts/events.js';
import type { Clock } from '../contracts/clock.js';
import type { Logger } from '../contracts/logger.js';
import type { OperatorView } from '../contracts/reports.js';
import { PlbaError } from '../errors.js';
import { type EventSink, unheard } from '../events/event-sink.js';
import { AuditTrail } from './audit/audit-trail.js';
import { EventStream } from './routes/event-stream.js';
import { sendAnswer } from './answer.js';
import { Authenticator, type Door } from './door/authority.js';
import { checkExposure } from './door/check-exposure.js';
import { ControlDoor } from './door/control-door.js';
import { listen } from './door/control-server.js';
import { type ControlLimits, controlLimits, type ControlSettings } from './control-settings.js';
import { FailedAttempts } from './door/failed-attempts.js';
import { Gate } from './door/gate.js';
import { HealthAnswers } from './health/health-answers.js';
import { HealthFront } from './health/health-front.js';
import { hostRule, type HostRule } from './door/host-rules.js';
import { jsonWriter, type Scrub, type ToJson } from './json-text.js';
import { loadKoaChain } from './koa-chain.js';
import { readProbesAddress } from './door/probes-address.js';
import { problemAnswer } from './problem.js';
import { Refusal } from './refusal.js';
import { RequestCounts } from './request-counts.js';
import type { Route } from './route.js';
import { allRoutes } from './routes/routes.js';
import { listenAt } from './door/socket-file.js';
import { tlsIdentity } from './door/tls-server.js';

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
  /** Where the Unix socket may be, the best first; each is for this user only. Default: there is none. */
  readonly socketPaths?: readonly string[];
  /** What happens, for clients to hear, and for changes to be told. Default: nothing does. */
  readonly events?: ApplicationEvents & EventSink;
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
  readonly isTls: boolean;
  /** The path of the Unix socket, where there is one. */
  readonly socket?: string;
  /** The address of its own that answers probes, where there is one. */
  readonly probes?: { readonly host: string; readonly port: number };
}

/** The part of the grace for answers after which own routes are given up: the rest is for saying so. */
const graceOfOwnRoutes = 0.8;

/**
 * The HTTP side of the runtime: operators look in and steer, probes ask how it is. Comes up before everything else and
 * goes down last. Has one life: it starts once and stops once.
 */
export class ControlPlane {
  readonly #options: ControlPlaneOptions;
  readonly #limits: ControlLimits;
  readonly #scrub: Scrub;
  readonly #toJson: ToJson;
  readonly #authenticator: Authenticator;
  readonly #attempts: FailedAttempts;
  readonly #counts: RequestCounts;
  readonly #health: HealthAnswers;
  readonly #trail: AuditTrail;
  readonly #stream: EventStream;
  readonly #routes: readonly Route[];
  readonly #open: ControlDoor[] = [];
  readonly #chains = new Map<Door, Promise<RequestListener>>();
  readonly #end = new AbortController();
  #starting: Promise<ControlAddress> | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: ControlPlaneOptions) {
    this.#options = options;
    this.#limits = { ...controlLimits, ...options.limits };
    this.#scrub = options.scrub ?? ((text) => text);
    this.#toJson = jsonWriter(options.scrub);
    this.#authenticator = new Authenticator(options.settings, nameOfUser());
    this.#counts = options.counts ?? new RequestCounts();
    this.#attempts = new FailedAttempts(options.clock, this.#limits);
    this.#health = new HealthAnswers(options.view, this.#toJson);
    const { clock, log, events = silence } = options;
    this.#trail = new AuditTrail(clock, log, events);
    this.#stream = new EventStream({ events, clock, limits: this.#limits, toJson: this.#toJson });
    this.#routes = allRoutes({
      trail: this.#trail,
      stream: this.#stream,
      view: options.view,
      health: this.#health,
      toJson: this.#toJson,
      further: options.routes ?? [],
    });
  }

  /**
   * Listens; the answer says where, which is news when the port was 0.
   *
   * @throws PlbaError `CONTROL_EXPOSED`, `CONTROL_LISTEN_FAILED`, `CONTROL_TLS_INVALID`; `START_ABORTED` once it was told to
   *   stop
   */
  start(): Promise<ControlAddress> {
    this.#starting ??= this.#listen().catch(async (error: unknown) => {
      await this.#closeAll();
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

  /**
   * Serves a connection that nobody has listened for, as if it had come in at this door: that of a test. Needs no start; the
   * stop ends it as any other.
   */
  async connect(connection: Duplex, kind: Door): Promise<void> {
    const door = this.#door(kind);
    await this.#loadChain(this.#welcome(door, 'any'));
    door.server.emit('connection', connection);
  }

  async #listen(): Promise<ControlAddress> {
    const { settings, socketPaths = [] } = this.#options;
    checkExposure(settings);
    if (this.#stopping !== undefined) throw new PlbaError('START_ABORTED', 'the control plane was told to stop');
    const probesAt = settings.probes === undefined ? undefined : readProbesAddress(settings.probes);
    const tls = tlsIdentity(settings.tls);

    const port = this.#door('port', tls);
    const address = await listen(port.server, settings.host, settings.port, 'plba.control');
    this.#welcome(port, hostRule(settings.host, address.port, settings.hosts));
    // A name can mean anything: what counts is the address that it led to.
    checkExposure({ ...settings, host: address.address });

    const probes = probesAt && this.#door('probes');
    const probesAddress = probes && (await listen(probes.server, probesAt.host, probesAt.port, 'plba.control.probes'));
    if (probes !== undefined) this.#welcome(probes, 'any');

    const socket = socketPaths.length === 0 ? undefined : this.#door('socket');
    const path = socket && (await listenAt(socket.server, socketPaths));
    if (socket !== undefined) this.#welcome(socket, 'any');
    return {
      host: address.address,
      port: address.port,
      isTls: tls !== undefined,
      ...(path !== undefined && { socket: path }),
      ...(probesAddress && { probes: { host: probesAddress.address, port: probesAddress.port } }),
    };
  }

  #door(kind: Door, tls?: ReturnType<typeof tlsIdentity>): ControlDoor {
    const { clock, log } = this.#options;
    const door = new ControlDoor({ kind, limits: this.#limits, toJson: this.#toJson, clock, log, tls });
    this.#open.push(door);
    return door;
  }

  /** Nothing can have been asked yet: the first connection comes a turn of the event loop after listening. */
  #welcome(door: ControlDoor, rule: HostRule): Gate {
    const { log } = this.#options;
    const authenticator = this.#authenticator;
    const gate = new Gate({ door: door.kind, hostRule: rule, authenticator, attempts: this.#attempts, log });
    const front = new HealthFront(this.#health, gate, this.#counts);
    door.answerWith((request, response) => {
      if (front.answer(request, response)) return;
      if (door.kind === 'probes') sendAnswer(response, problemAnswer(nothingElseHere(), this.#toJson));
      else this.#answer(door, gate, request, response);
    });
    return gate;
  }

  async #close(): Promise<void> {
    await this.#starting?.catch(() => undefined);
    await this.#closeAll();
  }

  async #closeAll(): Promise<void> {
    // What is nearly done may be done, and what is given up must still be answered.
    const { clock } = this.#options;
    const givingUp = clock.setTimer(this.#limits.stopGraceMs * graceOfOwnRoutes, () => {
      this.#end.abort();
    });
    const closing = Promise.all(this.#open.map((door) => door.close()));
    // Who asked for the end is still being answered, and those who listen are to hear that.
    await clock.yield();
    await clock.yield();
    this.#stream.close();
    await closing;
    givingUp.cancel();
    this.#end.abort();
    this.#health.close();
  }

  #answer(door: ControlDoor, gate: Gate, request: IncomingMessage, response: ServerResponse): void {
    door.enqueue(response, () => {
      this.#loadChain(gate)
        .then((chain) => {
          chain(request, response);
        })
        .catch((error: unknown) => {
          this.#options.log.error({ err: error }, 'the control plane could not load its routes');
          sendAnswer(response, problemAnswer(error, this.#toJson));
        });
    });
  }

  #loadChain(gate: Gate): Promise<RequestListener> {
    const known = this.#chains.get(gate.door);
    if (known !== undefined) return known;
    const chain = loadKoaChain({
      routes: this.#routes,
      authenticator: this.#authenticator,
      gate,
      limits: this.#limits,
      log: this.#options.log,
      toJson: this.#toJson,
      scrub: this.#scrub,
      counts: this.#counts,
      trail: this.#trail,
      stopping: this.#end.signal,
    }).catch((error: unknown) => {
      // The next request tries again.
      this.#chains.delete(gate.door);
      throw error;
    });
    this.#chains.set(gate.door, chain);
    return chain;
  }
}

const silence: ApplicationEvents & EventSink = { ...unheard, subscribe: () => () => undefined };

function nothingElseHere(): Refusal {
  return new Refusal('CONTROL_ROUTE_UNKNOWN', 'this address answers GET /health and its groups, and nothing else');
}

/** Containers run with users that have no name. */
function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
