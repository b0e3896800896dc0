import { isIP } from 'node:net';
import { isPublic } from './address.ts';

/** Where a server may go on its own feet. Asked for every URL, every address its host stands for, and every open socket. */
export interface Allowance {
  url(url: URL): boolean;
  address(address: string): boolean;
}

const ports = new Set(['', '80', '443']);

/**
 * Hosts of the open internet: `example.com` is that name alone, `.example.com` all names below it, `*` every name. Never
 * another port than 80 and 443, credentials, or an address that is not public.
 */
export function allowHosts(hosts: readonly string[]): Allowance {
  return {
    url: (url) => {
      if (!/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '' || !ports.has(url.port)) {
        return false;
      }
      const host = hostOf(url);
      return (isIP(host) === 0 || isPublic(host)) && hosts.some((allowed) => isAllowed(host, allowed));
    },
    address: isPublic,
  };
}

/** One server that the operator has named, wherever it stands: its own network is as good as any. */
export function allowOrigin(origin: string): Allowance {
  return { url: (url) => url.origin === origin && url.username === '' && url.password === '', address: () => true };
}

/** As it was parsed, without the dot that may end a name and without the brackets of IPv6. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

function isAllowed(host: string, allowed: string): boolean {
  if (allowed === '*') return host.includes('.') || isIP(host) !== 0;
  return allowed.startsWith('.') ? host.endsWith(allowed) && host.length > allowed.length : host === allowed;
}
