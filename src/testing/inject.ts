import { request, type IncomingHttpHeaders } from 'node:http';
import { duplexPair, type Duplex } from 'node:stream';

/** What a request to the control plane may carry. */
export interface InjectOptions {
  /** Sent as JSON. */
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * - `operator` (default): by the way of the command line, which may do everything
   * - `caller`: by the way of the port, where what may be done depends on the token in the headers
   */
  readonly as?: 'operator' | 'caller';
}

/** What the control plane has answered. */
export interface InjectAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON; undefined when it is none. */
  readonly json: unknown;
}

/** Takes a connection to where it is served. */
export type Connect = (connection: Duplex, door: 'port' | 'socket') => Promise<void>;

/** Opens a connection that exists in memory only. Answers the client's end; at the other a server listens to HTTP. */
export async function openConnection(connect: Connect, { as = 'operator' }: InjectOptions): Promise<Duplex> {
  const [client, server] = duplexPair();
  await connect(asSocket(server), as === 'operator' ? 'socket' : 'port');
  return client;
}

/** A request has reached its route, and a route that waits for nothing has answered, after so many turns at most. */
const requestTakesAtMostTurns = 50;

/**
 * Asks over a connection, and gives the answer as soon as it is there, or else as a promise in a box: what it waits for now
 * is something else than the connection.
 */
export async function ask(
  connection: Duplex,
  target: string,
  options: InjectOptions,
): Promise<{ readonly answer: Promise<InjectAnswer> }> {
  const answer = send(connection, target, options);
  const state = { isThere: false };
  const note = (): void => {
    state.isThere = true;
  };
  answer.then(note, note);
  for (let turn = 0; turn < requestTakesAtMostTurns && !state.isThere; turn++) {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  return { answer };
}

function send(connection: Duplex, target: string, { body, headers = {} }: InjectOptions): Promise<InjectAnswer> {
  const [path = '/', method = 'GET'] = target.trim().split(/\s+/).reverse();
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const asked = request({
      method,
      path,
      headers: {
        Host: 'localhost',
        Connection: 'close',
        ...(text !== undefined && { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }),
        ...headers,
      },
      createConnection: () => connection,
    });
    asked.once('error', reject);
    asked.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).once('error', reject);
      response.once('end', () => {
        const answered = Buffer.concat(chunks).toString();
        const { statusCode: status = 0, headers: answeredHeaders } = response;
        resolve({ status, headers: answeredHeaders, text: answered, json: asJson(answered) });
      });
    });
    asked.end(text);
  });
}

/** What an HTTP server asks of a socket besides its being a stream. */
function asSocket(stream: Duplex): Duplex {
  return Object.assign(stream, {
    remoteAddress: '127.0.0.1',
    setTimeout: () => stream,
    setNoDelay: () => stream,
    setKeepAlive: () => stream,
    destroySoon: () => {
      stream.end(() => stream.destroy());
    },
  });
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
