import { PlbaError } from '../../errors.js';

/**
 * Reads `plba.control.probes`: `host:port`, with an IPv6 address in brackets; or a port, on all IPv4 addresses.
 *
 * @throws PlbaError `CONTROL_LISTEN_FAILED` when it is neither
 */
export function readProbesAddress(setting: string): { readonly host: string; readonly port: number } {
  const [, bracketed, plain, digits] = /^(?:(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]+)):)?(\d{1,5})$/.exec(setting) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65_535)
    throw new PlbaError('CONTROL_LISTEN_FAILED', `plba.control.probes is no address: ${JSON.stringify(setting)}`, {
      hint: 'set it to a port, such as 8091, or to host:port, such as "0.0.0.0:8091" or "[::1]:8091"; or to inline',
    });
  return { host: bracketed ?? plain ?? '0.0.0.0', port };
}
