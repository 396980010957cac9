import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../../contracts/clock.js';

/**
 * The connections of a server, and which of them wait for an answer.
 *
 * Node's own `server.close()` waits for ever for a connection that has begun a request and never ends it; and its own
 * limit turns new connections away, so that a crowd of silent or slow ones would lock out the probes. Here those go.
 */
export class Connections {
  /** In order of arrival, each with the answers that it waits for. */
  readonly #open = new Map<Socket, Set<ServerResponse>>();
  /** Answers whose turn has not come yet. */
  readonly #waiting = new WeakSet<ServerResponse>();
  /** Those that have not shaken hands yet, where there is TLS. */
  readonly #strangers = new Map<string, Socket>();
  #isDraining = false;
  #onEmpty: (() => void) | undefined;

  /**
   * @param maxUnreadBytes of answers that are ready and that their clients do not take, all together
   */
  constructor(
    private readonly maxConnections: number,
    private readonly maxUnreadBytes = Number.POSITIVE_INFINITY,
  ) {}

  /** How many there are. */
  get size(): number {
    return this.#open.size;
  }

  /** Takes in a connection; the oldest that the platform does not work for makes room for it where there is none. */
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

  /** Takes note of a connection that has yet to shake hands; the oldest such makes room for it where there is none. */
  await(socket: Socket): void {
    const [oldest] = this.#strangers.values();
    if (this.#strangers.size >= this.maxConnections) oldest?.destroy();
    const peer = peerOf(socket);
    this.#strangers.set(peer, socket);
    socket.once('close', () => {
      if (this.#strangers.get(peer) === socket) this.#strangers.delete(peer);
    });
  }

  /** Takes in a connection that has shaken hands. */
  welcome(socket: Socket): void {
    this.#strangers.delete(peerOf(socket));
    this.add(socket);
  }

  /** An answer is to be worked on: the connection is in use until it has left or cannot. Before {@link work} it may still be cut off. */
  begin(response: ServerResponse): void {
    const { socket } = response.req;
    const answers = this.#open.get(socket);
    if (answers === undefined) return;
    answers.add(response);
    this.#waiting.add(response);
    response.once('close', () => {
      answers.delete(response);
      if (this.#isDraining && answers.size === 0) socket.destroySoon();
    });
  }

  /**
   * The platform works on an answer. Where too much of earlier ones waits for clients that do not read, those go that have been
   * here longest.
   */
  work(response: ServerResponse): void {
    this.#waiting.delete(response);
    let unreadBytes = 0;
    for (const [socket, answers] of this.#open) if (!this.#isWorkedFor(answers)) unreadBytes += socket.writableLength;
    if (unreadBytes <= this.maxUnreadBytes) return;
    for (const [socket, answers] of this.#open) {
      if (socket.writableLength === 0 || this.#isWorkedFor(answers)) continue;
      unreadBytes -= socket.writableLength;
      this.#open.delete(socket);
      socket.destroy();
      if (unreadBytes <= this.maxUnreadBytes) return;
    }
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
    for (const socket of this.#strangers.values()) socket.destroy();
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
      if (this.#isWorkedFor(answers)) continue;
      this.#open.delete(socket);
      socket.destroy();
      return;
    }
  }

  /** Whether it is the platform's turn with one of the answers: the request is there, the answer is not. */
  #isWorkedFor(answers: ReadonlySet<ServerResponse>): boolean {
    for (const answer of answers)
      if (answer.req.complete && !answer.writableEnded && !this.#waiting.has(answer)) return true;
    return false;
  }

  #destroyAll(): void {
    for (const socket of this.#open.keys()) socket.destroy();
  }
}

/** The same for a connection before and after the handshake, and no other connection has it meanwhile. */
function peerOf(socket: Socket): string {
  return `${socket.remoteAddress ?? ''} ${socket.remotePort ?? ''}`;
}
