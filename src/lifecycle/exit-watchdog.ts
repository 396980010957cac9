import { Worker } from 'node:worker_threads';
import { exitingModule } from './exiting-module.js';

/** What an exit watchdog is told. */
export interface ExitWatchdogOptions {
  /** The process ends after so long, if it has not ended before. */
  readonly limitMs: number;
  /** Exit code of the process then. */
  readonly exitCode: number;
  /** The line that is written to standard error then, by what the event loop has been doing. Without line feed. */
  readonly lines: { readonly blocked: string; readonly turning: string };
  /** Descriptors that were a terminal: what is lost by then is let go of, as `StandardTerminals` does. */
  readonly terminals: readonly number[];
}

/** A thread that ends the process when the time is up. */
export interface ExitWatchdog {
  readonly thread: Worker;
  /** The process is on its way out, and everybody who listens to that has been heard. */
  leave(): void;
}

/** How often the event loop shows that it turns. */
const beatMs = 100;
/** So much longer has a process that is on its way out: to end it in the middle of its end is a segmentation fault at times. */
const leavingMs = 1_000;

/**
 * Sets a thread beside the event loop that ends the process when the time is up, whatever the process is doing: it may turn
 * in a circle, wait for a reader that has gone to sleep, or hang in a listener to `exit`. Nothing calls it off: the process
 * is to end, and the thread ends with it.
 *
 * A thread cannot end a process in JavaScript, `process.exit()` ends only the thread. WebAssembly's system interface can: its
 * `proc_exit` is the `exit()` of C. Where that is not there, the process ends by SIGKILL, and with exit code 137.
 */
export function armExitWatchdog({ limitMs, exitCode, lines, terminals }: ExitWatchdogOptions): ExitWatchdog {
  /** The beats of the event loop, and whether the process is on its way out. */
  const beats = new Int32Array(new SharedArrayBuffer(8));
  const thread = new Worker(threadSource, {
    eval: true,
    // Nothing of the application's: not its arguments for Node.js, nor its environment, nor much memory.
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2, stackSizeMb: 1 },
    workerData: {
      deadlineMs: Date.now() + limitMs,
      limitMs,
      beats,
      beatMs,
      leavingMs,
      lines,
      terminals,
      module: exitingModule(exitCode),
    },
  });
  thread.unref();
  // Without threads there is no watchdog, and the stop goes on without one.
  thread.on('error', () => undefined);
  setInterval(() => Atomics.add(beats, 0, 1), beatMs).unref();
  return { thread, leave: () => void Atomics.store(beats, 1, 1) };
}

// Runs in the thread. It can rely on nothing but Node.js itself, and must not wait for anybody: standard error may be just
// as stuck as standard output, so it is opened anew, without blocking; for a socket, which cannot be opened, a stream does.
const threadSource = `
const { workerData } = require('node:worker_threads');
const { closeSync, openSync, writeSync, constants } = require('node:fs');
const { deadlineMs, limitMs, beats, beatMs, leavingMs, lines, terminals, module } = workerData;
process.emitWarning = () => undefined;
const say = (line) => {
  try {
    const { O_WRONLY, O_APPEND, O_NONBLOCK } = constants;
    writeSync(openSync('/dev/stderr', O_WRONLY | O_APPEND | O_NONBLOCK), line);
  } catch {
    try {
      new (require('node:net').Socket)({ fd: 2, readable: false, writable: true }).on('error', () => undefined).write(line);
    } catch {}
  }
};
const letGo = (descriptor) => {
  if (require('node:tty').isatty(descriptor)) return;
  try {
    closeSync(descriptor);
    openSync(require('node:os').devNull, 'r+');
  } catch {}
};
const end = (isBlocked) => {
  say((isBlocked ? lines.blocked : lines.turning) + '\\n');
  try {
    const { WASI } = require('node:wasi');
    const wasi = new WASI({ version: 'preview1', returnOnExit: false });
    const imports = { wasi_snapshot_preview1: wasi.wasiImport };
    const instance = new WebAssembly.Instance(new WebAssembly.Module(module), imports);
    terminals.forEach(letGo); // at last: others still run, and may open a file
    wasi.start(instance);
  } catch {}
  process.kill(process.pid, 'SIGKILL');
};
// The wall clock may be set meanwhile; it only says how much of the time has passed until the thread was there.
const leftMs = Math.min(limitMs, Math.max(0, deadlineMs - Date.now()));
setTimeout(() => {
  const before = Atomics.load(beats, 0);
  setTimeout(() => {
    const isBlocked = Atomics.load(beats, 0) === before;
    if (Atomics.load(beats, 1) === 0) end(isBlocked);
    else setTimeout(end, leavingMs, isBlocked);
  }, 2 * beatMs);
}, Math.max(0, leftMs - 2 * beatMs));
`;
