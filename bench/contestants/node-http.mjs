// Node alone: the floor. With `bytes` it sends a constant of that size, otherwise the names of its workers.
import { createServer } from 'node:http';
import { idlePeriodMs, task, tellReady } from './measured.mjs';

const workers = Array.from({ length: task.workers }, (_, index) => ({
  name: `worker-${index}`,
  status: 'ok',
  run() {},
}));

const text =
  task.bytes > 0
    ? JSON.stringify({ status: 'ok', fill: 'x'.repeat(task.bytes - 25) })
    : JSON.stringify({ status: 'ok', workers: Object.fromEntries(workers.map(({ name, status }) => [name, status])) });
const answer = Buffer.from(text);
const headers = {
  'Content-Type': 'application/json; charset=utf-8',
  'Content-Length': answer.length,
  'Cache-Control': 'no-store',
};

const server = createServer((request, response) => {
  const isHealth = request.url === '/health';
  response.writeHead(isHealth ? 200 : 404, isHealth ? headers : undefined).end(isHealth ? answer : undefined);
});
for (const worker of workers) worker.timer = setInterval(() => worker.run(), idlePeriodMs);
server.listen(task.port, '127.0.0.1', tellReady);
process.on('SIGTERM', () => {
  for (const worker of workers) clearInterval(worker.timer);
  server.close(() => process.exit(0));
  server.closeAllConnections();
});
