import type { Fetch } from './router.ts';

/** Hosts that are answered by somebody of their own; everything else is answered as ever. */
export function byHost(usual: Fetch, hosts: ReadonlyMap<string, Fetch>): Fetch {
  if (hosts.size === 0) return usual;
  return (request, bindings) => {
    const host = (request.headers.get('host') ?? '').toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');
    return (hosts.get(host) ?? usual)(request, bindings);
  };
}
