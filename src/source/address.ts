import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** All addresses that IANA hands out for the open internet (RFC 4291 §2.4); what embeds an IPv4 address lies mostly beside it. */
const globalUnicast = ipaddr.parse('2000::');

/**
 * Whether an IP address is one of the open internet. Everything that is not plainly so is not: private, loopback, link-local,
 * shared (CGNAT), multicast and reserved ranges, and every form of IPv6 that carries an IPv4 address inside.
 */
export function isPublic(address: string): boolean {
  if (isIP(address) === 0) return false;
  const read = ipaddr.process(address);
  if (read.range() !== 'unicast') return false;
  return read.kind() === 'ipv4' || read.match(globalUnicast, 3);
}
