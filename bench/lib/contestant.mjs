import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../contestants/', import.meta.url));
const patienceMs = 120_000;

/**
 * One contestant as a process of its own. What it prints is thrown away; what it tells comes on a pipe of its own.
 */
export class Contestant {
  #waiting = [];
  #messages = [];
  #stderr = '';

  /**
   * @param file name in `contestants/`
   * @param task what it is to be, see `contestants/measured.mjs`
   * @param nodeOptions options for node itself
   */
  constructor(file, task = {}, nodeOptions = []) {
    const words = Object.entries(task).map(([name, value]) => `--${name}=${value}`);
    this.file = file;
    this.process = spawn(process.execPath, [...nodeOptions, `${folder}${file}`, ...words], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_ENV: 'production', NODE_OPTIONS: '' },
    });
    this.process.stderr.on('data', (chunk) => (this.#stderr += chunk));
    this.ended = new Promise((resolve) => this.process.once('exit', (code, signal) => resolve({ code, signal })));
    void this.ended.then((end) => {
      for (const waiting of this.#waiting.splice(0)) waiting.reject(this.#failure(end));
    });
    createInterface({ input: this.process.stdio[3] }).on('line', (line) => {
      const message = JSON.parse(line);
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#messages.push(message);
      else waiting.resolve(message);
    });
  }

  /** The next thing that it tells. */
  async told() {
    if (this.#messages.length > 0) return this.#messages.shift();
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${this.file} says nothing\n${this.#stderr}`)), patienceMs);
    });
    const message = new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
    try {
      return await Promise.race([message, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** What it has used up to now. */
  async used() {
    this.process.kill('SIGUSR2');
    return this.told();
  }

  /** Ends it, whatever it does. */
  async end() {
    this.process.kill('SIGKILL');
    return this.ended;
  }

  #failure({ code, signal }) {
    return new Error(`${this.file} ended with ${signal ?? code}\n${this.#stderr}`);
  }
}

/** A port that is free now. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
