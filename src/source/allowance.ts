import { isIP } from 'node:net';
import { isPublic } from './address.ts';

/** Decides where the server may connect. Checked for every URL, every address of its host, and every open socket. */
export interface Allowance {
  url(url: URL): boolean;
  address(address: string): boolean;
}

const ports = new Set(['', '80', '443']);

/**
 * Allows hosts of the public internet: `example.com` is that name alone, `.example.com` all subdomains, `*` every name.
 * Rejects ports other than 80 and 443, credentials, and addresses that are not public.
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

/** Allows one origin that the operator has configured, whatever its address, also in a private network. */
export function allowOrigin(origin: string): Allowance {
  return { url: (url) => url.origin === origin && url.username === '' && url.password === '', address: () => true };
}

/** Host name of a parsed URL, without a trailing dot and without the brackets of IPv6. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

function isAllowed(host: string, allowed: string): boolean {
  if (allowed === '*') return host.includes('.') || isIP(host) !== 0;
  return allowed.startsWith('.') ? host.endsWith(allowed) && host.length > allowed.length : host === allowed;
}
