import type { Clock } from '../contracts/clock.js';
import type { ApplicationEvents } from '../contracts/events.js';
import type { EffectiveWorkerOptions } from '../contracts/worker-options.js';
import type { OuterPart } from '../lifecycle/participant.js';
import type { TerminalLines } from '../logging/terminal-lines.js';
import { visibleText } from '../logging/visible.js';
import type { ProgressBars } from '../progress/progress-bars.js';
import type { Scrub } from '../secrets/scrub.js';

/** What {@link ProgressPart} is made of. */
export interface ProgressPartOptions {
  /** Where lines for people go; undefined where there is no terminal, or lines are JSON. */
  readonly terminal: TerminalLines | undefined;
  readonly workers: readonly Pick<EffectiveWorkerOptions, 'trigger' | 'until'>[];
  readonly events: ApplicationEvents;
  readonly clock: Clock;
  readonly scrub: Scrub;
}

/**
 * Progress bars below the log lines of a terminal, for an application that somebody sits in front of until it is done: one whose
 * workers all end by themselves.
 */
export class ProgressPart implements OuterPart {
  readonly name = 'progress bars';
  private bars: ProgressBars | undefined;
  private unsubscribe: () => void = () => undefined;

  constructor(private readonly options: ProgressPartOptions) {}

  async start(): Promise<void> {
    const { terminal, workers, events, clock, scrub } = this.options;
    if (terminal === undefined || workers.length === 0 || !workers.every(endsByItself)) return;
    const [library, { ProgressBars }] = await Promise.all([
      import('cli-progress'),
      import('../progress/progress-bars.js'),
    ]);
    const clean = (text: string): string => visibleText(scrub(text));
    const bars = new ProgressBars(library, { screen: terminal, clean, now: () => clock.now() });
    this.bars = bars;
    this.unsubscribe = events.subscribe((event) => {
      if (event.type === 'run-progress') bars.show(event.run);
      else if (event.type === 'run-ended') bars.end(event.run);
    });
  }

  stop(): void {
    this.unsubscribe();
    this.bars?.close();
  }
}

function endsByItself({ trigger, until }: Pick<EffectiveWorkerOptions, 'trigger' | 'until'>): boolean {
  return trigger.kind === 'once' || Object.keys(until).length > 0;
}
