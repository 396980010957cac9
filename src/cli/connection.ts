import { type ClientRequest, type IncomingMessage, request as plainRequest, type RequestOptions } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { CommandFailure, exitCodes } from './command-failure.js';

/** Where an application is reached: by its address, or by its Unix socket. */
export interface Target {
  readonly url?: string;
  readonly socket?: string;
  /** Shown at an address. */
  readonly token?: string | undefined;
}

/** What an application has answered. */
export interface Reply {
  readonly status: number;
  readonly text: string;
  /** The text as JSON. */
  readonly json: unknown;
}

/** A way to the control plane of one application. */
export class Connection {
  constructor(private readonly target: Target) {}

  /**
   * Asks and gives what was answered.
   *
   * @throws CommandFailure `refused` with what the problem says, `unreachable`
   */
  async ask(path: string): Promise<Reply> {
    return refuseProblems(await this.exchange('GET', path));
  }

  /** The answer, whatever its status. @throws CommandFailure `unreachable` */
  look(path: string): Promise<Reply> {
    return this.exchange('GET', path);
  }

  /** Asks for a change. @throws as {@link ask} */
  async change(method: 'POST' | 'PUT', path: string, body: Readonly<Record<string, unknown>>): Promise<Reply> {
    return refuseProblems(await this.exchange(method, path, JSON.stringify(body)));
  }

  /** Calls back with each piece of an answer that goes on, until it ends or `signal` aborts. @throws as {@link ask} */
  async follow(path: string, signal: AbortSignal, onText: (text: string) => void): Promise<void> {
    const reply = await this.send('GET', path, undefined, signal);
    if (reply.statusCode !== 200) {
      refuseProblems(await readAll(reply));
      return;
    }
    reply.setEncoding('utf8');
    reply.on('data', onText);
    // Whether it ends or breaks off: the application is no longer there.
    await new Promise<void>((resolve) => reply.once('close', resolve).once('error', () => undefined));
  }

  private async exchange(method: string, path: string, body?: string): Promise<Reply> {
    return readAll(await this.send(method, path, body));
  }

  private send(method: string, path: string, body?: string, signal?: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const asked = this.open(method, path, body, signal);
      asked.once('response', resolve);
      asked.on('error', (cause: NodeJS.ErrnoException) => {
        reject(
          new CommandFailure(
            exitCodes.unreachable,
            `${this.where} does not answer: ${cause.code ?? cause.message}`,
            isAboutTrust(cause.code) ? trustHint : undefined,
          ),
        );
      });
      asked.end(body);
    });
  }

  private open(method: string, path: string, body?: string, signal?: AbortSignal): ClientRequest {
    const { url, socket, token } = this.target;
    const headers = {
      ...(body !== undefined && { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }),
      ...(socket === undefined && token !== undefined && token !== '' && { Authorization: `Bearer ${token}` }),
    };
    const options: RequestOptions = { method, headers, agent: false, ...(signal !== undefined && { signal }) };
    if (socket !== undefined) return plainRequest({ ...options, socketPath: socket, path });
    const address = addressOf(url ?? '', path);
    return (address.protocol === 'https:' ? tlsRequest : plainRequest)(address, options);
  }

  /** The socket or the address, for messages. */
  get where(): string {
    return this.target.socket ?? this.target.url ?? '';
  }
}

const tokenHint = 'the token is taken from PLBA_TOKEN';
const trustHint =
  'where it is the right one, name the file with it, or with who vouches for it: NODE_EXTRA_CA_CERTS=<file>';

/** Whether there is a certificate that nobody known vouches for. */
function isAboutTrust(code: string | undefined): boolean {
  return code !== undefined && /SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)/.test(code);
}

function addressOf(url: string, path: string): URL {
  try {
    const address = new URL(path, url);
    if (address.protocol === 'http:' || address.protocol === 'https:') return address;
  } catch {
    // Said below.
  }
  throw new CommandFailure(exitCodes.usage, `${JSON.stringify(url)} is no address`, 'such as http://127.0.0.1:8090');
}

async function readAll(reply: IncomingMessage): Promise<Reply> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of reply) chunks.push(chunk as Buffer);
  } catch {
    throw new CommandFailure(exitCodes.unreachable, 'the answer broke off');
  }
  const text = Buffer.concat(chunks).toString('utf8');
  return { status: reply.statusCode ?? 0, text, json: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refuseProblems(reply: Reply): Reply {
  if (reply.status < 400) return reply;
  const { detail, hint, code } = (reply.json ?? {}) as { detail?: string; hint?: string; code?: string };
  const message = detail === undefined ? `the answer is ${reply.status}` : `${detail} (${code ?? reply.status})`;
  throw new CommandFailure(
    exitCodes.refused,
    message,
    reply.status === 401 ? [hint ?? [], tokenHint].flat().join('; ') : hint,
  );
}
