// Node alone: twice `amount` events a second, of the size of the runtime's, each written to each client as it happens.
import { createServer } from 'node:http';
import { task, tellReady } from './measured.mjs';

const clients = new Set();
const server = createServer((request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  response.write('\n');
  clients.add(response);
  response.on('close', () => clients.delete(response));
});

let sequence = 0;
function happen(type) {
  const event = { sequence: ++sequence, at: new Date(), type, run: run(sequence) };
  const text = `id: ${sequence}\nevent: ${type}\ndata: ${JSON.stringify(event)}\n\n`;
  for (const client of clients) client.write(text);
}

function run(number) {
  const id = `5233588bb0e4-${number}`;
  return {
    id,
    worker: 'busy',
    trigger: 'every',
    attempt: 1,
    started: new Date(),
    durationMs: 0.1,
    outcome: 'idle',
    traceId: id.repeat(2),
  };
}

setInterval(() => {
  happen('run-started');
  happen('run-ended');
}, 1_000 / task.amount);
server.listen(task.port, '127.0.0.1', tellReady);
