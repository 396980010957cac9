import { request, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { checkDescribed } from '../support/described-answers.js';

/** A question to a control plane on loopback. */
export interface Question {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** The address that it comes from, where a system has several on loopback. Default: the usual one. */
  readonly from?: string;
}

/** What came back. */
export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body, when it is JSON. */
  readonly json: Record<string, unknown>;
}

/** Asks over a connection of its own. Fails when the answer is not as `GET /openapi.json` describes it. */
export function ask(port: number, { method = 'GET', path, headers = {}, body, from }: Question): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const target = { host: '127.0.0.1', port, method, path, headers: { ...headers }, agent: false, localAddress: from };
    const asked = request(target, (reply) => {
      const chunks: Buffer[] = [];
      reply.on('data', (chunk: Buffer) => chunks.push(chunk));
      reply.on('error', reject);
      reply.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const json = (text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : {}) as Reply['json'];
        const status = reply.statusCode ?? 0;
        try {
          checkDescribed(port, { method, path, status, headers: reply.headers, text });
          resolve({ status, headers: reply.headers, text, json });
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

/** What a connection brought before the server closed it. */
export interface RawReply {
  readonly text: string;
  /** The status of each answer, in order. */
  readonly statuses: number[];
  /** Milliseconds until the server closed the connection. */
  readonly closedAfterMs: number;
}

/** Writes bytes as they are, in the given pieces, and listens until the server closes the connection. */
export function askRaw(port: number, pieces: readonly (Buffer | string)[]): Promise<RawReply> {
  return new Promise((resolve) => {
    const startedMs = performance.now();
    const chunks: Buffer[] = [];
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => {
      writeNext(0);
    });
    const writeNext = (index: number): void => {
      const piece = pieces[index];
      if (piece === undefined || !socket.writable) return;
      socket.write(piece, () => setImmediate(writeNext, index + 1));
    };
    socket.on('data', (chunk) => chunks.push(chunk));
    // A reset is one of the ways in which a server closes.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      const text = Buffer.concat(chunks).toString('latin1');
      const statuses = [...text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map((match) => Number(match[1]));
      resolve({ text, statuses, closedAfterMs: performance.now() - startedMs });
    });
  });
}
