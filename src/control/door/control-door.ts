import type { RequestListener, Server, ServerResponse } from 'node:http';
import type { Clock } from '../../contracts/clock.js';
import type { Logger } from '../../contracts/logger.js';
import type { Door } from './authority.js';
import { Connections } from './connections.js';
import { createControlServer } from './control-server.js';
import type { ControlLimits } from '../control-settings.js';
import type { ToJson } from '../json-text.js';
import { RequestQueue } from './request-queue.js';
import type { TlsIdentity } from './tls-server.js';
import { Turns } from './turns.js';

/** What a {@link ControlDoor} is made of. */
export interface ControlDoorParts {
  readonly kind: Door;
  readonly limits: ControlLimits;
  readonly toJson: ToJson;
  readonly clock: Clock;
  readonly log: Logger;
  readonly tls?: TlsIdentity | undefined;
}

/** One way in: a server of its own, with its own limit of connections, so that a crowd at one door leaves the others free. */
export class ControlDoor {
  readonly kind: Door;
  readonly connections: Connections;
  readonly server: Server;
  readonly #queue: RequestQueue;
  readonly #parts: ControlDoorParts;
  #onRequest: RequestListener | undefined;

  constructor(parts: ControlDoorParts) {
    this.#parts = parts;
    this.kind = parts.kind;
    this.connections = new Connections(parts.limits.maxConnections, parts.limits.maxUnreadBytes);
    this.#queue = new RequestQueue(parts.clock);
    const turns = new Turns();
    this.server = createControlServer({
      limits: parts.limits,
      connections: this.connections,
      toJson: parts.toJson,
      tls: parts.tls,
      onRequest: (request, response) => {
        turns.take(response, () => this.#onRequest?.(request, response));
      },
    });
    this.server.on('connection', () => {
      this.#queue.connected();
    });
  }

  /** Has `work` done for a request, when its turn has come; not where its client has gone by then. */
  enqueue(response: ServerResponse, work: () => void): void {
    this.connections.begin(response);
    this.#queue.add(() => {
      if (response.destroyed) return;
      this.connections.work(response);
      work();
    });
  }

  /** Opens once it listens: answers requests with `onRequest`, and logs what else goes wrong. */
  answerWith(onRequest: RequestListener): void {
    this.#onRequest = onRequest;
    // Without a listener an error at accepting a connection, such as too many open files, would end the process.
    this.server.on('error', (error) => {
      this.#parts.log.error({ err: error }, 'the control plane cannot take a connection');
    });
  }

  /** Takes no new connections, lets answers in progress leave, and cuts off what is left after a moment. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) =>
      this.server.close(() => {
        resolve();
      }),
    );
    await this.connections.drain(this.#parts.clock, this.#parts.limits.stopGraceMs);
    await closed;
  }
}
