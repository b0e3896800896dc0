import { parseTransform } from '../transform/grammar.ts';
import { spellingOfQuery } from '../transform/hints.ts';
import { type ImagePath, mistakeAt, refuse, splitImagePath } from '../transform/image-path.ts';
import { checkWidths, type SparingLadder, snapToRungs } from '../transform/ladder.ts';
import { respell } from '../transform/respell.ts';
import type { Presets, RequestedTransform } from '../transform/transform.ts';
import type { Target } from './route.ts';

/** How image URLs are read on this server. */
export interface UrlRules {
  readonly presets: Presets;
  readonly ladder: SparingLadder;
  /** `redirect`: another spelling than the canonical one is sent on to it. */
  readonly canonical: 'serve' | 'redirect';
}

/** A URL taken apart; that depends on nothing but its text. */
export interface Asked {
  readonly id: string;
  /** Behind the id and the signature, as they were sent. */
  readonly segments: readonly string[];
  readonly transform: RequestedTransform;
  /** Where to send who asks, or null where the URL is answered itself. */
  readonly elsewhere: string | null;
}

/** Reads an image URL; throws `bad-words`, `path-too-long`, and before anything about its words `forbidden`. */
export function readImageUrl({ path, query }: Target, rules: UrlRules): Asked {
  const split = splitImagePath(path, '/img/');
  if (split.segments.length === 0 && query !== '') checkQuery(path, query);
  return read(path, split, rules);
}

function read(path: string, split: ImagePath, { presets, ladder, canonical }: UrlRules): Asked {
  checkWidths(split, ladder);
  const transform = snapToRungs(parseTransform(split, presets), ladder);
  // A signature is of the very characters it was made for, so another spelling would be refused.
  const respelled = canonical === 'serve' || split.signature !== null ? path : respell(split, transform, presets);
  const segments = split.segments.map(({ raw }) => raw);
  return { id: split.id, segments, transform, elsewhere: respelled === path ? null : respelled };
}

/** Words in the query are another product's; they would be ignored in silence. */
function checkQuery(path: string, query: string): void {
  const ours = spellingOfQuery(query);
  if (ours === null) return;
  refuse([mistakeAt(path.length, `?${query}`, `words in the path, here ${path}/${ours}`, `${path}/${ours}`)]);
}
