import { connect } from 'node:net';

/**
 * A small generator of load: so many connections that stay open, on each one request after the other, for so long.
 * It reads no more of an answer than its status and its length.
 *
 * @returns how many answers were 200, and how long the last one was, in bytes
 */
export async function load({ port, path, connections, durationMs }) {
  const request = Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
  const until = performance.now() + durationMs;
  const counts = await Promise.all(Array.from({ length: connections }, () => keepAsking({ port, request, until })));
  return {
    answers: counts.reduce((sum, { answers }) => sum + answers, 0),
    bytes: counts[0].bytes,
  };
}

function keepAsking({ port, request, until }) {
  return new Promise((resolve, reject) => {
    let answers = 0;
    let bytes = 0;
    let leftBytes = 0;
    let head = '';
    const socket = connect({ host: '127.0.0.1', port, noDelay: true }, () => socket.write(request));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`a server closed a connection after ${answers} answers`)));
    socket.on('data', (chunk) => {
      if (leftBytes === 0) {
        head += chunk.latin1Slice(0, Math.min(chunk.length, 2_048));
        const end = head.indexOf('\r\n\r\n');
        if (end === -1) return;
        if (!head.startsWith('HTTP/1.1 200 ')) {
          socket.destroy(new Error(`not 200: ${head.slice(0, 40)}`));
          return;
        }
        bytes = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
        if (Number.isNaN(bytes)) {
          socket.destroy(new Error('an answer says no length'));
          return;
        }
        leftBytes = end + 4 + bytes;
        head = '';
      }
      leftBytes -= chunk.length;
      if (leftBytes > 0) return;
      answers++;
      if (performance.now() < until) {
        socket.write(request);
        return;
      }
      socket.removeAllListeners('close');
      socket.destroy();
      resolve({ answers, bytes });
    });
  });
}
