import { request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

/** One GET over a connection of its own: `{ status, body }`. */
export function get(port, path) {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode, body: Buffer.concat(chunks) }));
    });
    asked.on('error', reject).end();
  });
}

/** Asks until the answer is 200, and gives it. */
export async function getWhenOk(port, path, { pauseMs = 5, patienceMs = 60_000 } = {}) {
  const until = Date.now() + patienceMs;
  let last;
  while (Date.now() < until) {
    last = await get(port, path).catch((error) => error);
    if (last.status === 200) return last;
    await wait(pauseMs);
  }
  throw new Error(`${path} on port ${port} is not 200: ${last?.status ?? last}`);
}
