import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Global unicast addresses of IPv6 (RFC 4291 §2.4). Most forms that embed an IPv4 address lie outside. */
const globalUnicast = ipaddr.parse('2000::');

/**
 * Whether an IP address is public. Private, loopback, link-local, shared (CGNAT), multicast and reserved ranges are
 * not. IPv6 forms that embed an IPv4 address are not public either. Returns false for anything that is no IP address.
 */
export function isPublic(address: string): boolean {
  if (isIP(address) === 0) return false;
  const read = ipaddr.process(address);
  if (read.range() !== 'unicast') return false;
  return read.kind() === 'ipv4' || read.match(globalUnicast, 3);
}
