import { BlockList, isIP } from 'node:net';

const loopbackAddresses = new BlockList();
loopbackAddresses.addSubnet('127.0.0.0', 8, 'ipv4');
loopbackAddresses.addAddress('::1', 'ipv6');

/**
 * Whether only this machine can reach what listens on `host`: `localhost`, 127.0.0.0/8 or `::1`, in whatever way the address
 * is written. Any other name counts as reachable from outside, since names can be made to mean anything.
 */
export function isLoopback(host: string): boolean {
  switch (isIP(host)) {
    case 4:
      return loopbackAddresses.check(host, 'ipv4');
    case 6:
      return loopbackAddresses.check(host, 'ipv6');
    default:
      return host.toLowerCase() === 'localhost';
  }
}
