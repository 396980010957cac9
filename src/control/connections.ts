import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../contracts/clock.js';

/**
 * The connections of a server, and which of them wait for an answer.
 *
 * Node's own `server.close()` waits for ever for a connection that has begun a request and never ends it; and its own
 * limit turns new connections away, so that a crowd of silent ones would lock out the probes. Here the silent ones go.
 */
export class Connections {
  /** In order of arrival, each with the answers that it waits for. */
  readonly #open = new Map<Socket, Set<ServerResponse>>();
  #isDraining = false;
  #onEmpty: (() => void) | undefined;

  constructor(private readonly maxConnections: number) {}

  /** How many there are. */
  get size(): number {
    return this.#open.size;
  }

  /** Takes in a connection; the oldest that waits for nothing makes room for it where there is none. */
  add(socket: Socket): void {
    if (this.#open.size >= this.maxConnections) this.#makeRoom();
    if (this.#open.size >= this.maxConnections) {
      socket.destroy();
      return;
    }
    this.#open.set(socket, new Set());
    socket.once('close', () => {
      this.#open.delete(socket);
      if (this.#open.size === 0) this.#onEmpty?.();
    });
  }

  /** The platform works on an answer: the connection is in use until it has left or cannot. */
  begin(response: ServerResponse): void {
    const { socket } = response.req;
    const answers = this.#open.get(socket);
    if (answers === undefined) return;
    answers.add(response);
    response.once('close', () => {
      answers.delete(response);
      if (this.#isDraining && answers.size === 0) socket.destroySoon();
    });
  }

  /**
   * Whether an answer to bytes that cannot be understood may be written at once. Not while another answer is on its way
   * or being worked on for a whole request: it would be taken for that one.
   */
  mayInterrupt(socket: Socket): boolean {
    const answers = this.#open.get(socket);
    return [...(answers ?? [])].every((response) => !response.headersSent && !response.req.complete);
  }

  /** Ends all connections: at once where nothing is in progress, else with its answer, after `graceMs` in any case. */
  async drain(clock: Clock, graceMs: number): Promise<void> {
    this.#isDraining = true;
    for (const [socket, answers] of this.#open) {
      if (answers.size === 0) socket.destroySoon();
      for (const response of answers) response.shouldKeepAlive = false;
    }
    if (this.#open.size === 0) return;
    await new Promise<void>((resolve) => {
      const deadline = clock.setTimer(graceMs, () => {
        this.#destroyAll();
      });
      this.#onEmpty = () => {
        deadline.cancel();
        resolve();
      };
    });
  }

  #makeRoom(): void {
    for (const [socket, answers] of this.#open) {
      if (answers.size > 0) continue;
      this.#open.delete(socket);
      socket.destroy();
      return;
    }
  }

  #destroyAll(): void {
    for (const socket of this.#open.keys()) socket.destroy();
  }
}
