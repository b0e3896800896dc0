import { varnishFile } from '../../src/cdn/varnish.ts';

const nodes = ['tintype-1', 'tintype-2', 'tintype-3'];
const settings = { autoPresets: [], edge: 31_536_000, negative: 30, timeout: 31, largestUpload: 104_857_600 };

/** What a server prints for Varnish in front of the three nodes of the compose file. */
export function composeVcl(hostOf: (node: string) => string = (node) => node): string {
  const [origin, ...others] = nodes.map((node) => ({ secure: false, host: hostOf(node), port: 3000 }));
  if (origin === undefined) throw new Error('Expected a node');
  return varnishFile({ ...settings, origin, others });
}
