import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const tsNode = join(process.cwd(), 'node_modules', 'ts-node', 'dist', 'bin.js');

/** How a program is started. */
export interface ProgramOptions {
  readonly args?: readonly string[];
  /** Added to the environment of the tests; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /**
   * A file that takes its standard output, such as `/dev/full`, or `stuck`: a pipe whose reader reads nothing. Nothing of it is
   * known then.
   */
  readonly stdout?: string;
}

/** How a program ended. */
export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * A program in a process of its own, run as a person would run it: `npx ts-node <file>` for TypeScript, `node <file>` for
 * what is compiled.
 */
export class Program implements AsyncDisposable {
  readonly stdout: string[] = [];
  readonly stderr: string[] = [];
  readonly ended: Promise<ProgramEnd>;
  private hasEnded = false;
  private readonly child: ChildProcess;
  private readonly watchers = new Set<() => void>();

  constructor(file: string, options: ProgramOptions = {}) {
    // A free port, so that programs can run side by side; what a test sets wins.
    const env = { ...process.env, PLBA__CONTROL__PORT: '0', ...options.env };
    const program = file.endsWith('.ts') ? [tsNode, file] : [file];
    const isStuck = options.stdout === 'stuck';
    const stdout = options.stdout === undefined || isStuck ? 'pipe' : openSync(options.stdout, 'w');
    this.child = spawn(process.execPath, [...program, ...(options.args ?? [])], {
      cwd: options.cwd ?? process.cwd(),
      env,
      stdio: ['ignore', stdout, 'pipe'],
    });
    if (stdout !== 'pipe') closeSync(stdout);
    if (!isStuck) this.collect(this.child.stdout, this.stdout);
    this.collect(this.child.stderr, this.stderr);
    this.ended = new Promise((resolve) => {
      this.child.once('close', (code, signal) => {
        this.hasEnded = true;
        resolve({ code, signal });
        this.changed();
      });
    });
  }

  /** Whether it has ended. */
  get isOver(): boolean {
    return this.hasEnded;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** The log lines so far that are JSON. */
  get lines(): Record<string, unknown>[] {
    return this.stdout.flatMap((line) => {
      try {
        return [JSON.parse(line) as Record<string, unknown>];
      } catch {
        return [];
      }
    });
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Resolves with the first line of standard output or error that matches. Rejects when the program ends without one. */
  async line(pattern: RegExp | string): Promise<string> {
    const matches = (line: string): boolean =>
      typeof pattern === 'string' ? line.includes(pattern) : pattern.test(line);
    const find = (): string | undefined => this.stdout.find(matches) ?? this.stderr.find(matches);
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      if (this.hasEnded) throw new Error(`the program ended without a line like ${String(pattern)}:\n${this.output()}`);
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.watchers.delete(wake);
          resolve();
        };
        this.watchers.add(wake);
      });
    }
  }

  /** Where its control plane listens, once it says so. */
  async controlUrl(): Promise<string> {
    const line = await this.line('control plane listens on');
    return /http:\/\/[^"\s]+/.exec(line)?.[0] ?? '';
  }

  /** All it has written, for a failure message. */
  output(): string {
    return [...this.stdout, ...this.stderr].join('\n');
  }

  /** Ends it, whatever it does. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  private collect(stream: NodeJS.ReadableStream | null, lines: string[]): void {
    if (stream === null) return;
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      this.changed();
    });
  }

  private changed(): void {
    for (const watcher of [...this.watchers]) watcher();
  }
}
