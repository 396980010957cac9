import { Worker } from 'node:worker_threads';
import type { Clock } from '../contracts/clock.js';
import { PlbaError } from '../errors.js';
import { within } from '../time/within.js';
import { answerProbes, type ProbeThreadData, type ProbeThreadMessage, type ProbeThreadOrder } from './answer-probes.js';

/** Where probes are answered. */
export interface ProbeAddress {
  readonly host: string;
  readonly port: number;
}

/** An answer takes microseconds: whoever has not ended by then does not. */
const closeTimeoutMs = 1_000;

/** The memory that the thread may use, in megabytes. It needs a few. */
const heapLimitMb = 32;

/** A thread that answers probes, also while the event loop of the application is blocked. */
export class ProbeThread {
  private readonly worker: Worker;
  private readonly ended: Promise<true>;
  private isClosing = false;

  /**
   * @param onLost the thread has ended and was not told to
   */
  constructor(
    data: ProbeThreadData,
    private readonly clock: Clock,
    onLost: (error: unknown) => void,
  ) {
    const modules = ['worker_threads', 'http', 'fs'].map((name) => `require('node:${name}')`);
    const [threads, http, fs] = modules;
    this.worker = new Worker(`(${answerProbes.toString()})({ threads: ${threads}, http: ${http}, fs: ${fs} });`, {
      eval: true,
      workerData: data,
      name: 'plba probes',
      // Neither loaders of the application nor its environment have any business in there.
      execArgv: [],
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: heapLimitMb },
    });
    let cause: unknown;
    this.worker.on('error', (error) => {
      cause = error;
    });
    this.ended = new Promise((resolve) => {
      this.worker.once('exit', () => {
        resolve(true);
        if (!this.isClosing) onLost(cause);
      });
    });
  }

  /**
   * Resolves once it listens.
   * @throws PlbaError `CONTROL_LISTEN_FAILED`
   */
  listening(): Promise<ProbeAddress> {
    return new Promise((resolve, reject) => {
      void this.ended.then(() => {
        reject(listenFailed('it has ended'));
      });
      this.worker.once('message', (message: ProbeThreadMessage) => {
        if (message.kind === 'listening') {
          // It lives as long as the application, and keeps nobody alive.
          this.worker.unref();
          resolve({ host: message.host, port: message.port });
          return;
        }
        this.isClosing = true;
        reject(listenFailed(message.message));
      });
    });
  }

  /** Tells it something. */
  tell(order: ProbeThreadOrder): void {
    this.worker.postMessage(order);
  }

  /** Answers no more. Always resolves. */
  async close(): Promise<void> {
    this.isClosing = true;
    this.tell('close');
    const isOver: true | undefined = await within(this.clock, closeTimeoutMs, this.ended);
    if (!isOver) await this.worker.terminate();
  }
}

function listenFailed(why: string): PlbaError {
  return new PlbaError('CONTROL_LISTEN_FAILED', `the thread for probes cannot listen: ${why}`, {
    hint: 'set plba.control.probes to "thread:<host>:<port>" with an address that is free',
  });
}
