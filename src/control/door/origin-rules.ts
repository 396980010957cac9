/** What a browser says about the page behind a request. Clients that are no browsers say nothing. */
export interface RequestOrigin {
  /** The `Origin` header. */
  readonly origin?: string | undefined;
  /** The `Sec-Fetch-Site` header, as in the W3C's Fetch Metadata. */
  readonly fetchSite?: string | undefined;
  /** The `Sec-Fetch-Mode` header. */
  readonly fetchMode?: string | undefined;
  /** The `Host` header. */
  readonly host?: string | undefined;
}

/**
 * Whether a request that changes something may come from where it says it comes from: from no page at all, from the
 * person at the address bar, or from a page of the control plane itself.
 */
export function isOriginAllowed({ origin, fetchSite, host }: RequestOrigin): boolean {
  if (fetchSite !== undefined && fetchSite !== 'same-origin' && fetchSite !== 'none') return false;
  if (origin === undefined) return true;
  if (host === undefined) return false;
  // Behind a proxy that ends TLS, the page's scheme is https and ours is http.
  const own = host.toLowerCase();
  return origin === `http://${own}` || origin === `https://${own}`;
}

/**
 * Whether a request that changes nothing may come from where it says it comes from. A foreign page cannot read the answer;
 * this keeps it from asking at all, since answers cost something. A link on one may lead here.
 */
export function isLookAllowed({ fetchSite, fetchMode }: Pick<RequestOrigin, 'fetchSite' | 'fetchMode'>): boolean {
  return fetchSite === undefined || fetchSite === 'same-origin' || fetchSite === 'none' || fetchMode === 'navigate';
}
