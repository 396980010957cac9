import { isLoopback } from './loopback.js';

/** The `Host` headers that a control plane answers to; `any` when the rule does not apply. */
export type HostRule = 'any' | ReadonlySet<string>;

/**
 * Which `Host` headers are let in by a control plane that listens on `host` and `port`.
 *
 * On loopback: loopback's own names, with the port. A page in the operator's browser can have a name of its own point to
 * 127.0.0.1 (DNS rebinding); its requests then arrive here, with that name as their host. Beyond loopback every name is let
 * in, because there a token is needed, which no such page has; unless names are configured.
 *
 * @param configured further `Host` headers, with their port where clients send one
 */
export function hostRule(host: string, port: number, configured: readonly string[] = []): HostRule {
  if (!isLoopback(host) && configured.length === 0) return 'any';
  const names = ['localhost', '127.0.0.1', '[::1]', inUrl(host)];
  const allowed = names.map((name) => `${name.toLowerCase()}:${port}`);
  // Behind a proxy neither the name nor the port is ours; a client leaves out the port that the scheme implies.
  const others = configured.map((name) => name.toLowerCase());
  return new Set([...allowed, ...others, ...(port === 80 || port === 443 ? names : [])]);
}

/** Whether a request with this `Host` header may come in. */
export function isHostAllowed(rule: HostRule, host: string | undefined): boolean {
  if (rule === 'any') return true;
  return host !== undefined && (rule.has(host) || rule.has(host.toLowerCase()));
}

/** An address as it stands in a URL: IPv6 in brackets. */
export function inUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
