/** Ends of buckets for durations of work, in seconds: from 5 ms to half an hour. */
export const durationBounds: readonly number[] = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800];

/** Counts values by size: one series of a histogram. Recording a small value costs a comparison and three additions. */
export class BucketCounts {
  readonly counts: number[];
  sum = 0;
  count = 0;

  /** @param bounds upper, inclusive ends of the buckets, growing */
  constructor(readonly bounds: readonly number[] = durationBounds) {
    this.counts = new Array<number>(bounds.length + 1).fill(0);
  }

  record(value: number): void {
    const { bounds, counts } = this;
    let bucket = 0;
    while (bucket < bounds.length && value > (bounds[bucket] as number)) bucket++;
    (counts[bucket] as number)++;
    this.sum += value;
    this.count++;
  }
}
