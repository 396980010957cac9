import { PlbaError } from '../errors.js';
import type { ProbeAddress } from '../health/probe-thread.js';

/** What {@link readProbeThread} looks at. */
export interface ProbeThreadSettings {
  readonly host: string;
  readonly port: number;
  readonly probeThread?: string;
  readonly tokens: { readonly probe?: unknown };
}

/**
 * Reads `plba.control.probes` as far as it is about a thread: `thread`, `thread:<port>`, `thread:<host>:<port>`, with an IPv6
 * address in brackets. Without an address it is the host of the control plane and the next port; a free one where the
 * control plane takes a free one.
 *
 * @returns undefined when it is not about a thread
 * @throws PlbaError `CONTROL_LISTEN_FAILED` when the address is none; `OPTION_UNSUPPORTED` together with tokens for probes
 */
export function readProbeThread({
  host,
  port,
  probeThread: probes,
  tokens,
}: ProbeThreadSettings): ProbeAddress | undefined {
  if (probes === undefined) return undefined;
  if (tokens.probe !== undefined)
    throw new PlbaError('OPTION_UNSUPPORTED', 'plba.control.probes is a thread, which asks nobody for a token', {
      hint: 'leave out plba.control.tokens.probe: a thread answers words only; or set plba.control.probes to an address without a thread',
    });
  if (probes === 'thread') return { host, port: port === 0 ? 0 : port + 1 };
  const [, bracketed, plain, digits] =
    /^thread:(?:(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]+)):)?(\d{1,5})$/.exec(probes) ?? [];
  if (digits === undefined || Number(digits) > 65_535)
    throw new PlbaError('CONTROL_LISTEN_FAILED', `plba.control.probes has no address: ${JSON.stringify(probes)}`, {
      hint: 'set it to thread, to a port, such as "thread:8091", or to host and port, such as "thread:0.0.0.0:8091"',
    });
  return { host: bracketed ?? plain ?? host, port: Number(digits) };
}
