import { spawn } from 'node:child_process';

/** What systemd is told, as in sd_notify(3): `READY`, `STOPPING`, `WATCHDOG`, `STATUS`. */
export type ServiceNews = Readonly<Partial<Record<'READY' | 'STOPPING' | 'WATCHDOG' | 'STATUS', string>>>;

/** A `systemd-notify` that takes longer than this is given up. */
const longestMs = 5_000;

/**
 * Tells systemd, by way of its program `systemd-notify`: what Node.js has no socket for. One process at a time, and what is told
 * meanwhile goes into the next one, so that systemd hears everything in its order, and only the last of several status lines.
 */
export class SystemdNotify {
  private news: ServiceNews = {};
  private isSending = false;
  private isMute = false;
  private hasFailed = false;

  /**
   * @param onFailure told why when it does not work, once. Where the program cannot be run nothing is tried after that; where it
   *   runs and fails, the next news may get through.
   * @param program the program, for tests
   */
  constructor(
    private readonly onFailure: (reason: string) => void,
    private readonly program = 'systemd-notify',
  ) {}

  /** Tells it, and does not wait for that. Keeps no process alive. */
  tell(news: ServiceNews): void {
    if (this.isMute) return;
    this.news = { ...this.news, ...news };
    if (!this.isSending) void this.send();
  }

  private async send(): Promise<void> {
    this.isSending = true;
    for (let words = this.take(); words.length > 0 && !this.isMute; words = this.take()) {
      const end = await run(this.program, words);
      if (end === 'well') continue;
      this.isMute = !end.couldRun;
      if (!this.hasFailed) this.onFailure(end.reason);
      this.hasFailed = true;
    }
    this.isSending = false;
  }

  private take(): readonly string[] {
    const { news } = this;
    this.news = {};
    // A line feed would begin the next assignment.
    return Object.entries(news).map(([name, value]) => `${name}=${value.replace(/\s+/g, ' ')}`);
  }
}

type End = 'well' | { readonly couldRun: boolean; readonly reason: string };

function run(program: string, words: readonly string[]): Promise<End> {
  return new Promise((resolve) => {
    const child = spawn(program, words, { stdio: 'ignore' });
    child.unref();
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
    }, longestMs).unref();
    child.once('error', ({ message }: Error) => {
      clearTimeout(timer);
      resolve({ couldRun: false, reason: message });
    });
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      const reason = `${program} ended with ${signal ?? `exit code ${String(code)}`}`;
      resolve(code === 0 ? 'well' : { couldRun: true, reason });
    });
  });
}
