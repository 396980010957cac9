import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ApplicationEvents } from '../contracts/events.js';
import { PlbaError } from '../errors.js';
import { type EventSink, unheard } from '../events/event-sink.js';
import { AuditTrail } from './audit/audit-trail.js';
import { EventStream } from './routes/event-stream.js';
import { sendAnswer } from './answer.js';
import { Authenticator, type Door } from './door/authority.js';
import { checkExposure } from './door/check-exposure.js';
import { ControlDoor } from './door/control-door.js';
import { listen } from './door/control-server.js';
import type { ControlAddress, ControlPlaneOptions } from './control-plane-options.js';
import { type ControlLimits, controlLimits } from './control-settings.js';
import { FailedAttempts } from './door/failed-attempts.js';
import { Gate } from './door/gate.js';
import { HealthAnswers } from './health/health-answers.js';
import { HealthFront } from './health/health-front.js';
import { hostRule, type HostRule } from './door/host-rules.js';
import { jsonWriter, type ToJson } from './json-text.js';
import { LazyChains } from './lazy-chains.js';
import { nameOfUser } from './door/name-of-user.js';
import { readProbesAddress } from './door/probes-address.js';
import { problemAnswer } from './problem.js';
import { Refusal } from './refusal.js';
import { RequestCounts } from './request-counts.js';
import { allRoutes } from './routes/routes.js';
import { listenAt } from './door/socket-file.js';
import { tlsIdentity } from './door/tls-server.js';

/** The part of the grace for answers after which own routes are given up: the rest is for saying so. */
const graceOfOwnRoutes = 0.8;

/**
 * The HTTP side of the runtime: operators look in and steer, probes ask how it is. Comes up before everything else and
 * goes down last. Has one life: it starts once and stops once.
 */
export class ControlPlane {
  readonly #options: ControlPlaneOptions;
  readonly #limits: ControlLimits;
  readonly #toJson: ToJson;
  readonly #authenticator: Authenticator;
  readonly #attempts: FailedAttempts;
  readonly #counts: RequestCounts;
  readonly #health: HealthAnswers;
  readonly #stream: EventStream;
  readonly #open: ControlDoor[] = [];
  readonly #chains: LazyChains;
  readonly #end = new AbortController();
  #starting: Promise<ControlAddress> | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: ControlPlaneOptions) {
    this.#options = options;
    this.#limits = { ...controlLimits, ...options.limits };
    this.#toJson = jsonWriter(options.scrub);
    this.#authenticator = new Authenticator(options.settings, nameOfUser());
    this.#counts = options.counts ?? new RequestCounts();
    this.#attempts = new FailedAttempts(options.clock, this.#limits);
    this.#health = new HealthAnswers(options.view, this.#toJson);
    const { clock, log, events = silence, scrub = (text: string): string => text } = options;
    const trail = new AuditTrail(clock, log, events);
    this.#stream = new EventStream({ events, clock, limits: this.#limits, toJson: this.#toJson });
    const routes = allRoutes({
      trail,
      stream: this.#stream,
      view: options.view,
      health: this.#health,
      toJson: this.#toJson,
      further: options.routes ?? [],
    });
    this.#chains = new LazyChains({
      ...{ routes, log, scrub, trail },
      authenticator: this.#authenticator,
      limits: this.#limits,
      toJson: this.#toJson,
      counts: this.#counts,
      stopping: this.#end.signal,
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
    await this.#chains.load(this.#welcome(door, 'any'));
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
      this.#chains
        .load(gate)
        .then((chain) => {
          chain(request, response);
        })
        .catch((error: unknown) => {
          this.#options.log.error({ err: error }, 'the control plane could not load its routes');
          sendAnswer(response, problemAnswer(error, this.#toJson));
        });
    });
  }
}

const silence: ApplicationEvents & EventSink = { ...unheard, subscribe: () => () => undefined };

function nothingElseHere(): Refusal {
  return new Refusal('CONTROL_ROUTE_UNKNOWN', 'this address answers GET /health and its groups, and nothing else');
}
