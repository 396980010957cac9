// A crowd of clients that take their time: `node crowd.mjs <kind> <port> <count> [token]`. So many connections at a time; one that is
// closed is replaced after a while. Says "ready" once all have been connected, and at SIGTERM what became of them, as JSON.
import { connect } from 'node:net';

const [kind, port, count, token = ''] = process.argv.slice(2);
const host = `127.0.0.1:${port}`;
const everyMs = 1_000;
const replacedAfterMs = 5_000;
/** Who does not read does not see either that the other side has closed. */
const givesUpAfterMs = 15_000;
/** In so many parts, so that they do not all move at once. */
const parts = 20;

const kinds = {
  /** Headers that never end. */
  'slow headers': {
    opening: `GET /health/live HTTP/1.1\r\nHost: ${host}\r\nX-Slow: `,
    move: (socket) => socket.write('a'),
  },
  /** A body that never ends. */
  'slow body': {
    opening: [
      'POST /workers/idle/pause HTTP/1.1',
      `Host: ${host}`,
      `Authorization: Bearer ${token}`,
      'Content-Type: application/json',
      'Content-Length: 10000',
      '',
      '{',
    ].join('\r\n'),
    move: (socket) => socket.write(' '),
  },
  /** A large answer, read a few bytes at a time. */
  'slow read': {
    opening: `GET /workers HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\n\r\n`,
    options: { onread: { buffer: Buffer.alloc(100), callback: () => false } },
    move: (socket, openMs) => {
      socket.resume();
      if (openMs > givesUpAfterMs) socket.destroy();
    },
  },
  /** Nothing at all. */
  idle: { opening: '', move: () => undefined },
};
const { opening, move, options = {} } = kinds[kind];

/** Each with when it was opened. */
const sockets = new Map();
let opened = 0;
let longestMs = 0;

function open() {
  const openedMs = performance.now();
  const socket = connect({ host: '127.0.0.1', port, noDelay: true, ...options });
  if (kind !== 'slow read') socket.resume();
  socket.on('connect', () => {
    sockets.set(socket, openedMs);
    socket.write(opening);
    if (++opened === Number(count)) console.log('ready');
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    if (sockets.delete(socket)) longestMs = Math.max(longestMs, performance.now() - openedMs);
    setTimeout(open, replacedAfterMs);
  });
}

for (let index = 0; index < Number(count); index++) open();

let part = 0;
setInterval(() => {
  part = (part + 1) % parts;
  let index = 0;
  for (const [socket, openedMs] of sockets) if (index++ % parts === part) move(socket, performance.now() - openedMs);
}, everyMs / parts);

process.on('SIGTERM', () => {
  console.log(JSON.stringify({ opened, longestMs: Math.round(longestMs) }));
  process.exit(0);
});
