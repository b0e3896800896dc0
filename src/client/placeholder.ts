import { factsOf, type Picture } from './picture-facts.ts';
import type { Transform } from './spelling.ts';
import { componentsOf, type UrlOptions, url } from './url.ts';
import { atWidth } from './widths.ts';

/** Pixels across: what is shown of it is blurred. */
const tiny = 32;

/**
 * What is shown until the picture is there: the `data:` URL of its facts where they are known and nothing else is asked for,
 * else the URL of the same picture in very few bytes.
 */
export function placeholder(picture: string | Picture, transform?: Transform, options: UrlOptions = {}): string {
  const facts = factsOf(picture);
  if (transform === undefined && facts.placeholder !== undefined) return facts.placeholder;
  const small = atWidth(componentsOf(transform ?? {}), tiny);
  const last = small.length - 1;
  const plain = small.map((component, index) =>
    index === last ? { ...component, f: 'webp' as const, q: 40 } : { ...component, f: undefined, q: undefined },
  );
  return url(facts, plain, options);
}
