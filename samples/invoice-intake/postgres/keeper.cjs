'use strict';
/**
 * Keeps a PostgreSQL server running as long as its parent lives, and stops it when the parent is gone, whatever ended it: a
 * process cannot clean up after its own SIGKILL, but the channel to it closes. Runs in a session of its own, so that Ctrl-C in
 * a terminal reaches the application and not the database beneath it.
 *
 * While it runs it answers on a loopback port: that tells whoever comes later that the folder is in use. A process id in a file
 * would not do, because after a crash the same id may belong to something else.
 *
 * Plain JavaScript, so that it is up in the time that a compiler takes to load.
 */
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const process = require('node:process');
const { setTimeout } = require('node:timers');

/** @type {{ id: string, lockFile: string, program: string, args: string[], user?: { uid: number, gid: number }, env: object, restartAfterMs: number, quitAfterMs: number }} */
const order = JSON.parse(process.argv[2]);

let server;
let stopping = false;

const lock = net.createServer((socket) => {
  socket.on('error', () => socket.destroy());
  socket.end(`${order.id} ${stopping ? 'stopping' : 'running'}\n`);
});

lock.listen(0, '127.0.0.1', () => {
  const place = { id: order.id, port: lock.address().port, pid: process.pid };
  fs.writeFileSync(`${order.lockFile}.new`, JSON.stringify(place), { mode: 0o600 });
  fs.renameSync(`${order.lockFile}.new`, order.lockFile);
  startServer();
});

function startServer() {
  server = spawn(order.program, order.args, { stdio: ['ignore', 'inherit', 'inherit'], env: order.env, ...order.user });
  server.once('error', (error) => ended(error.message));
  server.once('exit', (code, signal) => ended(signal ?? `code ${code}`));
}

function ended(how) {
  if (server === undefined) return;
  server = undefined;
  if (stopping) process.exit(0);
  tell({ ended: how });
  // Not at once: what ended it may last, and people want to see that it was away.
  setTimeout(() => stopping || startServer(), order.restartAfterMs);
}

function stop() {
  if (stopping) return;
  stopping = true;
  if (server === undefined) process.exit(0);
  server.kill('SIGINT'); // "fast shutdown": ends sessions and leaves a clean database
  setTimeout(() => server?.kill('SIGQUIT'), order.quitAfterMs);
}

function tell(message) {
  if (process.connected) process.send(message, () => undefined);
}

process.on('disconnect', stop);
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
process.on('SIGHUP', stop);
