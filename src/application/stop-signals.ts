import type { AssembledApplication } from './assembled-application.js';
import type { ProcessGuard } from './process-guard.js';

/** A stop that takes longer than this says for whom it waits. */
const patienceMs = 1_000;
/** More names than this help nobody. */
const mostNamed = 10;

/**
 * What SIGTERM and SIGINT do: the first one stops the application, the second one aborts what still drains, the third one ends the
 * process. None of them is without a word, so that nobody has to guess what happened, or what to do next.
 */
export class StopSignals {
  constructor(
    private readonly application: AssembledApplication,
    private readonly guard: ProcessGuard,
  ) {}

  /** @param count for the first, the second, the third time */
  receive(signal: NodeJS.Signals, count: 1 | 2 | 3): void {
    if (count === 1) this.stop(signal);
    else if (count === 2) this.hurry(signal);
    else this.end(signal);
  }

  private stop(signal: NodeJS.Signals): void {
    void this.application.stop(signal);
    setTimeout(() => {
      const waiting = this.waitingFor();
      if (waiting === undefined || this.application.isHurried) return;
      const hint = process.stdout.isTTY ? ': Ctrl-C again to abort that' : '';
      this.application.logger()?.info(`still stopping, waiting for ${waiting}${hint}`);
    }, patienceMs).unref();
  }

  private hurry(signal: NodeJS.Signals): void {
    this.application.logger()?.warn(`${signal} again: nothing drains any more`);
    this.application.hurry();
  }

  private end(signal: NodeJS.Signals): never {
    const before = this.waitingFor() ?? this.application.name;
    this.application.logger()?.error(`${signal} for the third time: the process ends before ${before} has stopped`);
    this.guard.exit(4);
  }

  /** Those who have not stopped yet; undefined when there are none. */
  private waitingFor(): string | undefined {
    const names = this.application.notStopped;
    const more = names.length > mostNamed ? [`${names.length - mostNamed} more`] : [];
    return [...names.slice(0, mostNamed), ...more].join(', ') || undefined;
  }
}
