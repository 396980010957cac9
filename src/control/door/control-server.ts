import { createServer, type RequestListener, type Server, STATUS_CODES } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { PlbaError } from '../../errors.js';
import { rawAnswer } from '../answer.js';
import type { Connections } from './connections.js';
import type { ControlLimits } from '../control-settings.js';
import { inUrl } from './host-rules.js';
import type { ToJson } from '../json-text.js';
import { problemAnswer } from '../problem.js';
import { Refusal } from '../refusal.js';
import { createTlsServer, type TlsIdentity } from './tls-server.js';

/** Connections that the system keeps until they are taken. What comes on top of that is tried again by its client a second later. */
const backlog = 2_048;

/** What a control server is made of. */
export interface ControlServerParts {
  readonly limits: ControlLimits;
  readonly connections: Connections;
  readonly toJson: ToJson;
  readonly onRequest: RequestListener;
  /** Key and certificate as PEM. Default: no TLS. */
  readonly tls?: TlsIdentity | undefined;
}

/** An HTTP server with deadlines for everything that a client can be slow at, and a problem for what it gets wrong. */
export function createControlServer({ limits, connections, toJson, onRequest, tls }: ControlServerParts): Server {
  const deadlines = {
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: limits.checkEveryMs,
    maxHeaderSize: limits.maxHeaderBytes,
    insecureHTTPParser: false,
  };
  const server =
    tls === undefined ? createServer(deadlines) : createTlsServer({ ...deadlines, ...tls, limits, connections });
  // Bounds writing: node's other deadlines are about reading.
  server.setTimeout(limits.idleTimeoutMs);
  // Size is limited already. A limit on their number would drop headers without a word, the deciding ones among them.
  server.maxHeadersCount = 0;
  server.on('request', onRequest);
  // Nobody is asked to send a body before it is known that it will be read.
  server.on('checkContinue', onRequest);
  if (tls === undefined)
    server.on('connection', (socket: Socket) => {
      connections.add(socket);
    });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (!socket.writable || isGone(error) || !connections.mayInterrupt(socket)) {
      socket.destroy();
      return;
    }
    const answer = problemAnswer(refusalOf(error), toJson);
    socket.write(rawAnswer(answer, STATUS_CODES[answer.status] ?? ''));
    socket.destroySoon();
  });
  return server;
}

/**
 * Listens, and answers the address and port it got.
 *
 * @param setting what to change when it cannot be, such as `plba.control`
 * @throws PlbaError `CONTROL_LISTEN_FAILED`
 */
export function listen(server: Server, host: string, port: number, setting: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    const onError = (cause: NodeJS.ErrnoException): void => {
      server.off('listening', onListening);
      reject(listenFailed(host, port, setting, cause));
    };
    const onListening = (): void => {
      server.off('error', onError);
      resolve(server.address() as AddressInfo);
    };
    server.once('error', onError).once('listening', onListening);
    server.listen({ host, port, backlog });
  });
}

function listenFailed(host: string, port: number, setting: string, cause: NodeJS.ErrnoException): PlbaError {
  const where = `${inUrl(host)}:${port}`;
  return new PlbaError('CONTROL_LISTEN_FAILED', `the control plane cannot listen on ${where}: ${reasonOf(cause)}`, {
    hint: hintOf(setting, cause),
    cause,
  });
}

function reasonOf(cause: NodeJS.ErrnoException): string {
  switch (cause.code) {
    case 'EADDRINUSE':
      return 'the port is in use';
    case 'EADDRNOTAVAIL':
      return 'this machine does not have the address';
    case 'EACCES':
      return 'the port needs privileges that the process does not have';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'the name cannot be resolved';
    default:
      return cause.message;
  }
}

function hintOf(setting: string, cause: NodeJS.ErrnoException): string {
  const isAboutPort = cause.code === 'EADDRINUSE' || cause.code === 'EACCES';
  if (setting !== 'plba.control') return `set ${setting} to another address`;
  return isAboutPort
    ? `set ${setting}.port to another port, by PLBA__CONTROL__PORT or --set ${setting}.port=…; 0 takes a free one`
    : `set ${setting}.host`;
}

function isGone(error: NodeJS.ErrnoException): boolean {
  return error.code === 'ECONNRESET' || error.code === 'EPIPE';
}

function refusalOf(error: NodeJS.ErrnoException): Refusal {
  switch (error.code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Refusal('CONTROL_REQUEST_TIMED_OUT', 'the request did not arrive in time');
    case 'HPE_HEADER_OVERFLOW':
      return new Refusal('CONTROL_REQUEST_MALFORMED', 'the headers are too large', { status: 431 });
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new Refusal('CONTROL_REQUEST_MALFORMED', 'the chunk extensions are too large', { status: 413 });
    default:
      return new Refusal('CONTROL_REQUEST_MALFORMED', 'the request is not well-formed HTTP');
  }
}
