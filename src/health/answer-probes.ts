import type * as fileSystem from 'node:fs';
import type * as hypertext from 'node:http';
import type { Socket } from 'node:net';
import type * as workerThreads from 'node:worker_threads';

/** Milliseconds on the clock that all threads of a process share. */
export function sharedNowMs(): bigint {
  return process.hrtime.bigint() / 1_000_000n;
}

/** What the thread that answers probes is given. */
export interface ProbeThreadData {
  readonly host: string;
  readonly port: number;
  /** Only requests for loopback's own names are answered. */
  readonly isLoopback: boolean;
  /** Names of the groups; the empty one is the whole. */
  readonly groups: readonly string[];
  /** When the event loop of the application last turned, then the state of each group; see `ProbeMemory`. */
  readonly states: BigInt64Array;
  /** The worker whose run began last, by index from 1, then for each worker its run in progress, by number from 1. */
  readonly runs: Float64Array;
  /** Names of the workers. */
  readonly workers: readonly string[];
  /** The event loop blocked for this long is unhealthy. */
  readonly blockedAfterMs: number;
  /** The event loop blocked for less than this is not worth a word. */
  readonly mentionAfterMs: number;
  /** The oldest connection makes room for one more than this. */
  readonly maxConnections: number;
}

/** What the thread says: where it listens, or why it does not. */
export type ProbeThreadMessage =
  | { readonly kind: 'listening'; readonly host: string; readonly port: number }
  | { readonly kind: 'failed'; readonly code: string | undefined; readonly message: string };

/** What the thread is told: how the ids of a worker's runs begin, or to end. */
export type ProbeThreadOrder = { readonly worker: number; readonly idPrefix: string } | 'close';

/** The modules of Node.js that {@link answerProbes} uses. */
export interface ProbeThreadModules {
  readonly threads: typeof workerThreads;
  readonly http: typeof hypertext;
  readonly fs: typeof fileSystem;
}

/**
 * What the thread that answers probes does, all of it: its text alone is what the thread runs. So it uses nothing from
 * outside, neither imports nor helpers, and works the same from the sources, from the build, and from a bundle of somebody else.
 */
export function answerProbes({ threads, http, fs }: ProbeThreadModules): void {
  const { groups, states, runs, workers, ...options } = threads.workerData as ProbeThreadData;
  const prefixes: string[] = [];
  const words = ['ok', 'degraded', 'unhealthy'] as const;
  const others = { 'health+json': ['pass', 'warn', 'fail'], microprofile: ['UP', 'UP', 'DOWN'] } as const;
  const reasons = [undefined, 'starting', 'stopping'] as const;

  const blockedMs = (): number => Number(process.hrtime.bigint() / 1_000_000n - Atomics.load(states, 0));

  /** The runs in progress, the last to begin first. */
  const runsInProgress = (): string[] => {
    const [latest = 0, ...numbers] = runs;
    const inProgress = workers.map((_, index) => index).filter((index) => (numbers[index] ?? 0) > 0);
    inProgress.sort((a, b) => Number(b === latest - 1) - Number(a === latest - 1));
    return inProgress.map((index) => {
      const number = ((numbers[index] ?? 0) - 1).toString(36);
      return `run ${prefixes[index] ?? '?'}-${number} of ${workers[index] ?? '?'}`;
    });
  };

  let isMentioned = false;
  const look = (): void => {
    const ms = blockedMs();
    if (ms < options.blockedAfterMs) {
      isMentioned = false;
    } else if (!isMentioned) {
      isMentioned = true;
      const [first, ...further] = runsInProgress();
      const within =
        first === undefined
          ? ''
          : ` in ${first}${further.length === 0 ? '' : `, or in ${further.slice(0, 2).join(', ')}`}`;
      const msg = `the event loop is blocked for ${(ms / 1_000).toFixed(1)} s${within}`;
      const line = { level: 'error', time: new Date().toISOString(), name: 'plba.health', blockedMs: ms, msg };
      // The application's own log is written by the loop that is blocked.
      fs.writeSync(2, `${JSON.stringify(line)}\n`);
    }
  };

  const send = (response: hypertext.ServerResponse, code: number, body: object, type = 'application/json'): void => {
    const bytes = Buffer.from(JSON.stringify(body));
    const headers = { 'Content-Type': type, 'Content-Length': bytes.length, 'Cache-Control': 'no-store' };
    response.writeHead(code, { ...headers, 'X-Content-Type-Options': 'nosniff' });
    response.end(response.req.method === 'HEAD' ? undefined : bytes);
  };

  const stateOf = (index: number, ms: number): { status: 0 | 1 | 2; since: Date; reason?: string } => {
    const packed = Atomics.load(states, index + 1);
    const known = Number(packed & 3n) as 0 | 1 | 2;
    const since = new Date(Number(packed >> 4n));
    const reason = reasons[Number((packed >> 2n) & 3n)];
    // Who has started stays started, whatever comes.
    if (ms < options.blockedAfterMs || known === 2 || groups[index] === 'startup')
      return { status: known, since, ...(reason && { reason }) };
    return { status: 2, since: new Date(Date.now() - ms), reason: 'blocked' };
  };

  const server = http.createServer(
    {
      headersTimeout: 5_000,
      requestTimeout: 10_000,
      keepAliveTimeout: 5_000,
      connectionsCheckingInterval: 1_000,
      maxHeaderSize: 8_192,
    },
    (request, response) => {
      const [path = '', query] = (request.url ?? '').split('?', 2);
      const host = (request.headers.host ?? '').toLowerCase().replace(/:\d+$/, '');
      if (options.isLoopback && !['localhost', '127.0.0.1', '[::1]', options.host].includes(host)) {
        send(response, 421, { status: 421, code: 'CONTROL_HOST_REFUSED' }, 'application/problem+json');
        return;
      }
      const name = path === '/health' ? '' : path === '/health/started' ? 'startup' : path.slice('/health/'.length);
      const index = path === '/health' || path.startsWith('/health/') ? groups.indexOf(name) : -1;
      if (index < 0 || (name === '' && path !== '/health')) {
        send(response, 404, { status: 404, code: 'CONTROL_ROUTE_UNKNOWN' }, 'application/problem+json');
        return;
      }
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.setHeader('Allow', 'GET, HEAD');
        send(response, 405, { status: 405, code: 'CONTROL_METHOD_REFUSED' }, 'application/problem+json');
        return;
      }
      const ms = blockedMs();
      const { status, since, reason } = stateOf(index, ms);
      const code = status === 2 ? 503 : 200;
      const eventLoop = ms < options.mentionAfterMs ? {} : { eventLoop: { blockedMs: ms } };
      if (query !== undefined && new URLSearchParams(query).get('format') === 'microprofile') {
        const data = { ...(reason && { reason }), ...eventLoop };
        const check = { name: 'application', status: others.microprofile[status], data };
        send(response, code, { status: others.microprofile[status], checks: [check] });
      } else if (request.headers.accept?.includes('application/health+json') === true) {
        const body = { status: others['health+json'][status], ...(reason && { output: reason }), ...eventLoop };
        send(response, code, body, 'application/health+json');
      } else {
        send(response, code, { status: words[status], since, ...(reason && { reason }), ...eventLoop });
      }
    },
  );
  // Node's own limit turns new ones away: a crowd of silent ones would lock out the probes.
  const connections = new Set<Socket>();
  server.on('connection', (socket) => {
    const [oldest] = connections;
    if (connections.size >= options.maxConnections) oldest?.destroy();
    if (oldest?.destroyed === true) connections.delete(oldest);
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });

  const say = (message: ProbeThreadMessage): void => {
    threads.parentPort?.postMessage(message);
  };
  const interval = setInterval(look, Math.min(100, options.blockedAfterMs));
  const close = (): void => {
    clearInterval(interval);
    threads.parentPort?.close();
    server.close();
    server.closeIdleConnections();
  };
  threads.parentPort?.on('message', (order: ProbeThreadOrder) => {
    if (order === 'close') close();
    else prefixes[order.worker] = order.idPrefix;
  });
  server.once('error', (error: NodeJS.ErrnoException) => {
    say({ kind: 'failed', code: error.code, message: error.message });
    close();
  });
  server.listen({ host: options.host, port: options.port }, () => {
    const address = server.address();
    if (typeof address === 'object' && address !== null)
      say({ kind: 'listening', host: address.address, port: address.port });
  });
}
