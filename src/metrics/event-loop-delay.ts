import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import type { Metrics } from '../contracts/metrics.js';

/** A finer look would wake an idle process more often than all of its workers do. */
const resolutionMs = 20;

/** All who collect within so long see the same figures: one of them must not take them away from the others. */
const sharedForMs = 5_000;

const figures = ['max', 'mean', 'p50', 'p99'] as const;
type Figures = Readonly<Record<(typeof figures)[number], number>>;

/** How late the event loop is, under the names of OpenTelemetry's conventions for Node.js. Keeps no process alive. */
export class EventLoopDelay {
  private histogram: IntervalHistogram | undefined;
  private latest: { readonly figures: Figures; readonly atMs: number } | undefined;

  start(): void {
    this.histogram = monitorEventLoopDelay({ resolution: resolutionMs });
    this.histogram.enable();
  }

  stop(): void {
    this.histogram?.disable();
    this.histogram = undefined;
    this.latest = undefined;
  }

  /** Shows the figures of the time since the collection before; nothing as long as nothing was seen. */
  observe(metrics: Metrics): void {
    for (const figure of figures) {
      const description = `Delay of the event loop since the collection before: ${figure}`;
      metrics.observe('gauge', `nodejs.eventloop.delay.${figure}`, { description, unit: 's' }, (report) => {
        const value = this.read()?.[figure];
        if (value !== undefined) report(value);
      });
    }
  }

  private read(): Figures | undefined {
    const { histogram, latest } = this;
    const nowMs = performance.now();
    const isFresh = latest !== undefined && nowMs - latest.atMs < sharedForMs;
    if (histogram === undefined || histogram.count === 0 || isFresh) return latest?.figures;
    const figuresNow: Figures = {
      max: delaySeconds(histogram.max),
      mean: delaySeconds(histogram.mean),
      p50: delaySeconds(histogram.percentile(50)),
      p99: delaySeconds(histogram.percentile(99)),
    };
    histogram.reset();
    this.latest = { figures: figuresNow, atMs: nowMs };
    return figuresNow;
  }
}

/** What the histogram sees, in nanoseconds, is its own period and the delay on top of it. */
function delaySeconds(seenNanos: number): number {
  return Math.max(0, seenNanos / 1e9 - resolutionMs / 1_000);
}
