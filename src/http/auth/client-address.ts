import { BlockList, isIP } from 'node:net';
import type { HttpContext } from '../message/route.ts';

/** An address, or all with the same first `prefix` bits. */
export interface Network {
  readonly address: string;
  readonly prefix: number;
}

/** Hops of X-Forwarded-For that are looked at; nobody has more proxies of their own. */
const maxHops = 16;

/** Tells clients apart by their address; what a stranger says about itself is believed only of proxies that are trusted. */
export class ClientAddress {
  readonly #trusted = new BlockList();

  constructor(proxies: readonly Network[]) {
    for (const { address, prefix } of proxies) this.#trusted.addSubnet(address, prefix, familyOf(address));
  }

  /** An IPv4 address, or the /64 that one customer has; empty where there is none. */
  of(context: HttpContext): string {
    let client = plain(context.env?.incoming?.socket?.remoteAddress ?? '');
    const forwarded = context.req.header('x-forwarded-for');
    if (forwarded === undefined || !this.#isTrusted(client)) return grouped(client);
    for (const hop of forwarded.split(',').slice(-maxHops).reverse()) {
      const before = plain(hop.trim());
      if (isIP(before) === 0) break;
      client = before;
      if (!this.#isTrusted(client)) break;
    }
    return grouped(client);
  }

  #isTrusted(address: string): boolean {
    return isIP(address) !== 0 && this.#trusted.check(address, familyOf(address));
  }
}

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** IPv4 in IPv6's clothes is IPv4. */
const plain = (address: string) => address.replace(/^::ffff:(?=[\d.]+$)/i, '');

function grouped(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail = ''] = address.split('%', 1)[0]?.split('::') ?? [];
  const [start, end] = [head, tail].map((half) => (half === '' ? [] : half.split(':')));
  const missing = Math.max(0, 8 - (start?.length ?? 0) - (end?.length ?? 0));
  const all = [...(start ?? []), ...Array.from({ length: missing }, () => '0'), ...(end ?? [])];
  const network = all.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}
