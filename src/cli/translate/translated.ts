import { dialectOf, dialects } from '../../dialects/index.ts';
import { Failure } from '../../errors.ts';
import { printImagePath } from '../../transform/canonical.ts';
import { parseTransform } from '../../transform/grammar.ts';
import { idOfPath } from '../../transform/id.ts';
import { splitImagePath } from '../../transform/image-path.ts';
import { builtInPresets, readPresets } from '../../transform/presets.ts';

const usage = `tintype translate URL [${dialects.map(({ name }) => name).join('|')}]`;

/** What stands in hosts and paths of those that are known by them. */
const known: readonly (readonly [place: RegExp, name: string])[] = [
  [/^https?:\/\/res\.cloudinary\.com\//, 'cloudinary'],
  [/^https?:\/\/[^/]+\.imgix\.net\//, 'imgix'],
  [/^(?:https?:\/\/[^/]+)?\/_next\/image(?=\?)/, 'next'],
  [/^(?:https?:\/\/[^/]+)?\/_ipx\//, 'ipx'],
  [/^(?:https?:\/\/[^/]+)?\/cdn-cgi\/image\//, 'cloudflare'],
];

export interface Translated {
  /** Ours. */
  readonly path: string;
  /** Where the picture comes from, and what is not quite the same. */
  readonly remarks: readonly string[];
}

/** Our URL for a peer's. Throws Failure where there is none. */
export function translated(url: string, name: string | undefined): Translated {
  const found = known.find(([place]) => place.test(url));
  const dialect = dialectOf(name ?? found?.[1] ?? '');
  if (dialect === null) throw new Failure('bad-request', `Expected ${usage}: this URL does not tell whose it is`);
  const behind = found?.[1] === dialect.name ? url.replace(found[0], '') : url.replace(/^https?:\/\/[^/]*/, '');
  const [path = '', ...query] = behind.replace(/^\//, '').split('?');
  const { source, words, approximations } = dialect.translate({ path, query: query.join('?') });
  const id = source.kind === 'path' ? idOfPath(source.path) : 'ID';
  const asked = splitImagePath(words === '' ? '/img/ID' : `/img/ID/${words}`, '/img/');
  const ours = printImagePath(id, parseTransform(asked, readPresets(builtInPresets)));
  const from = source.kind === 'url' ? [`ID is what TINTYPE_SOURCE or TINTYPE_FETCH makes of ${source.url}`] : [];
  const remarks = [...from, ...approximations.map((sentence) => `only alike: ${sentence}`)];
  return { path: ours, remarks };
}
