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

  /** Counts one more answer of this kind. */
  note(method: string, route: string | undefined, status: number): void {
    this.of(method, route, status).count++;
  }

  /** What has been counted of this kind, for who counts so often that finding it each time would be felt. */
  of(method: string, route: string | undefined, status: number): RequestCount {
    const known = method === 'GET' || method === 'HEAD' || method === 'POST' || method === 'PUT' ? method : '_OTHER';
    const key = `${known} ${status} ${route ?? ''}`;
    let counted = this.byKey.get(key);
    if (counted === undefined) this.byKey.set(key, (counted = { method: known, route, status, count: 0 }));
    return counted;
  }

  entries(): Iterable<Readonly<RequestCount>> {
    return this.byKey.values();
  }
}
