import { readFileSync } from 'node:fs';
import type { Server, ServerOptions } from 'node:http';
import { createServer } from 'node:https';
import type { Socket } from 'node:net';
import { createSecureContext, type TLSSocket } from 'node:tls';
import { PlbaError } from '../../errors.js';
import type { Connections } from './connections.js';
import type { ControlLimits, ControlSettings } from '../control-settings.js';

/** What a server shows of itself, as PEM. */
export interface TlsIdentity {
  readonly key: string;
  readonly cert: string;
}

/**
 * The configured key and certificate; undefined when there is none of both.
 *
 * @throws PlbaError `CONTROL_TLS_INVALID` when one is missing, cannot be read, or does not belong to the other
 */
export function tlsIdentity(tls: ControlSettings['tls']): TlsIdentity | undefined {
  if (tls === undefined || (tls.key === undefined && tls.certificate === undefined)) return undefined;
  const identity = { key: pem('key', tls.key), cert: pem('certificate', tls.certificate) };
  try {
    createSecureContext(identity);
  } catch (cause) {
    throw invalid('plba.control.tls.key and plba.control.tls.certificate cannot be used together', cause);
  }
  return identity;
}

/** An HTTPS server, TLS 1.2 and up. Takes in connections that have shaken hands; the others have a limit of their own. */
export function createTlsServer({
  limits,
  connections,
  ...options
}: ServerOptions & TlsIdentity & { readonly limits: ControlLimits; readonly connections: Connections }): Server {
  const server = createServer({
    ...options,
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: limits.headersTimeoutMs,
  });
  server.on('connection', (socket: Socket) => {
    connections.await(socket);
  });
  server.on('secureConnection', (socket: TLSSocket) => {
    connections.welcome(socket);
  });
  server.on('tlsClientError', (_error, socket) => {
    socket.destroy();
  });
  return server;
}

function pem(name: 'key' | 'certificate', value: string | undefined): string {
  const setting = `plba.control.tls.${name}`;
  if (value === undefined) throw invalid(`${setting} is missing, and TLS needs both key and certificate`);
  if (value.includes('-----BEGIN ')) return value;
  try {
    return readFileSync(value, 'utf8');
  } catch (cause) {
    throw invalid(`the file that ${setting} names cannot be read`, cause);
  }
}

function invalid(message: string, cause?: unknown): PlbaError {
  return new PlbaError('CONTROL_TLS_INVALID', message, {
    hint: 'set both to PEM, or to the paths of PEM files; or neither, for no TLS',
    cause,
  });
}
