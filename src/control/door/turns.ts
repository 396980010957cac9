import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Requests of a connection that may wait for the one before them. */
const mostWaiting = 16;

/**
 * The requests of a connection, one after the other.
 *
 * HTTP lets a client send the next request before the last is answered, and Node hands all of them over at once: whoever sends
 * hundreds and reads nothing would have hundreds of answers kept in memory, on each of hundreds of connections.
 */
export class Turns {
  readonly #waiting = new WeakMap<Socket, number>();

  /** Calls `handle` once the answers before this one have been written. A client with too many that wait is cut off. */
  take(response: ServerResponse, handle: () => void): void {
    const { socket } = response.req;
    // Cut off: what it has sent with the last bytes comes here all the same.
    if (socket.destroyed) return;
    // Node lets a response have the socket when it is its turn to write.
    if (response.socket !== null) {
      handle();
      return;
    }
    const waiting = (this.#waiting.get(socket) ?? 0) + 1;
    if (waiting > mostWaiting) {
      socket.destroy();
      return;
    }
    this.#waiting.set(socket, waiting);
    response.once('socket', () => {
      this.#waiting.set(socket, (this.#waiting.get(socket) ?? 1) - 1);
      handle();
    });
  }
}
