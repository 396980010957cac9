import type { HrTime } from '@opentelemetry/api';
import type { MetricFamily } from '../contracts/metrics.js';

// Numbers of the SDK's enums, alike in its lines 2 and 3.
const pointType = { counter: 3, gauge: 2, histogram: 0 } as const;
const cumulative = 1;
const double = 1;

/** Gives the metrics of the application to the SDK whenever it collects: counted once, exported either way. */
export class FamilyProducer {
  private readonly startTime: HrTime;

  constructor(
    private readonly families: () => readonly MetricFamily[],
    private readonly resource: object,
    private readonly now: () => number,
  ) {
    this.startTime = hrTime(now());
  }

  collect(): Promise<object> {
    const endTime = hrTime(this.now());
    const metrics = this.families()
      .filter(({ points }) => points.length > 0)
      .map((family) => this.metricData(family, endTime));
    const scopeMetrics = [{ scope: { name: 'plba' }, metrics }];
    return Promise.resolve({ resourceMetrics: { resource: this.resource, scopeMetrics }, errors: [] });
  }

  private metricData({ kind, name, description, unit, points }: MetricFamily, endTime: HrTime): object {
    return {
      descriptor: { name, description, unit, valueType: double },
      aggregationTemporality: cumulative,
      dataPointType: pointType[kind],
      ...(kind === 'counter' && { isMonotonic: true }),
      dataPoints: points.map((point) => ({
        startTime: this.startTime,
        endTime,
        attributes: point.labels,
        value:
          'value' in point
            ? point.value
            : {
                sum: point.sum,
                count: point.count,
                buckets: { boundaries: point.bounds, counts: point.counts },
              },
      })),
    };
  }
}

function hrTime(ms: number): HrTime {
  return [Math.trunc(ms / 1_000), Math.trunc((ms % 1_000) * 1e6)];
}
