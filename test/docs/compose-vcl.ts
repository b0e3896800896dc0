import { varnishFile } from '../../src/cdn/varnish.ts';

const nodes = ['tintype-1', 'tintype-2', 'tintype-3'];
const settings = { autoPresets: [], edge: 31_536_000, negative: 30, patience: 16, largestUpload: 104_857_600 };

/**
 * What a server prints for Varnish, for three of them: Debian's Varnish takes one address for a backend. Throws where it has
 * nothing like what is to be replaced.
 */
export function composeVcl(hostOf: (node: string) => string = (node) => node): string {
  const one = varnishFile({ ...settings, origin: { secure: false, host: 'tintype', port: 3000 } });
  const backend = /^backend tintype \{\n.*?\n\}\n/ms.exec(one)?.[0] ?? '';
  const named = nodes.map((node, nth) =>
    backend.replace('backend tintype', `backend node_${nth + 1}`).replace('"tintype"', `"${hostOf(node)}"`),
  );
  const members = named.map((_, nth) => `  nodes.add_backend(node_${nth + 1});`);
  const director = `sub vcl_init {\n  new nodes = directors.round_robin();\n${members.join('\n')}\n}\n`;
  const replace = (text: string, [from, to]: readonly [string, string]) => {
    if (from === '' || !text.includes(from)) throw new Error(`Expected ${from} in what is printed for Varnish`);
    return text.replace(from, to);
  };
  return [
    ['import std;\n', 'import directors;\nimport std;\n'],
    [backend, `${named.join('\n')}\n${director}`],
    ['  "tintype";\n', nodes.map((node) => `  "${hostOf(node)}";\n`).join('')],
    ['sub vcl_recv {\n', 'sub vcl_recv {\n  set req.backend_hint = nodes.backend();\n'],
    ['set bereq.backend = tintype;', 'set bereq.backend = nodes.backend();'],
  ].reduce((text, [from = '', to = '']) => replace(text, [from, to]), one);
}
