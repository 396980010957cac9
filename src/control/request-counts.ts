/** How often one kind of request was answered in one way. */
export interface RequestCount {
  readonly method: string;
  /** The route's path with its open parts, `/workers/<name>`; undefined when no route was found. */
  readonly route: string | undefined;
  readonly status: number;
  count: number;
}

/**
 * Counts the answers of the control plane. What is not one of our own words is not told apart: neither methods nor paths
 * that somebody made up can make this grow.
 */
export class RequestCounts {
  private readonly byKey = new Map<string, RequestCount>();

  note(method: string, route: string | undefined, status: number): void {
    const known = method === 'GET' || method === 'HEAD' || method === 'POST' || method === 'PUT' ? method : '_OTHER';
    const key = `${known} ${status} ${route ?? ''}`;
    const counted = this.byKey.get(key);
    if (counted === undefined) this.byKey.set(key, { method: known, route, status, count: 1 });
    else counted.count++;
  }

  entries(): Iterable<Readonly<RequestCount>> {
    return this.byKey.values();
  }
}
