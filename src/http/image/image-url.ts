import { Failure } from '../../errors.ts';
import { checkFonts } from '../../transform/fonts.ts';
import { parseTransform } from '../../transform/grammar.ts';
import { spellingOfQuery } from '../../transform/hints.ts';
import { type ImagePath, mistakeAt, refuse, splitImagePath } from '../../transform/image-path.ts';
import { checkWidths, type ReportOnlyLadder, snapToRungs } from '../../transform/ladder.ts';
import { checkPresetOnly } from '../../transform/presets-only.ts';
import { respell } from '../../transform/respell.ts';
import type { Presets, RequestedTransform } from '../../transform/transform.ts';
import type { ReportOnly, ReportOnlyRule } from '../auth/report-only.ts';
import type { Target } from '../message/route.ts';

/** How image URLs are read on this server. */
export interface UrlRules {
  readonly presets: Presets;
  readonly ladder: ReportOnlyLadder;
  /** Families that text may be set in. */
  readonly fonts: readonly string[];
  /** `redirect`: another spelling than the canonical one is sent on to it. */
  readonly canonical: 'serve' | 'redirect';
  /** Whether a URL may hold nothing but a preset. */
  readonly presetsOnly: boolean;
  readonly reportOnly: ReportOnly;
}

/** A URL taken apart; that depends on nothing but its text. */
export interface ParsedImageUrl {
  readonly id: string;
  /** Behind the id and the signature, as they were sent. */
  readonly segments: readonly string[];
  readonly transform: RequestedTransform;
  /** Where to send who asks, or null where the URL is answered itself. */
  readonly remoteUrl: string | null;
  /** Rules that would refuse it, were they not on trial. */
  readonly violations: readonly ReportOnlyRule[];
}

/** Reads an image URL; throws `bad-words`, `path-too-long`, and before anything about its words `forbidden`. */
export function readImageUrl({ path, query }: Target, rules: UrlRules, route = '/img/'): ParsedImageUrl {
  const { presets, ladder, canonical } = rules;
  const split = splitImagePath(path, route);
  const excused = reportOnlyViolations(split, rules);
  if (split.segments.length === 0 && query !== '') checkQuery(path, query);
  const transform = snapToRungs(parseTransform(split, presets), ladder);
  checkFonts(split, transform, rules.fonts);
  checkSigned(split, transform);
  // A signature is of the very characters it was made for, so another spelling would be refused.
  const respelled = canonical === 'serve' || split.signature !== null ? path : respell(split, transform, presets);
  const segments = split.segments.map(({ raw }) => raw);
  return { id: split.id, segments, transform, remoteUrl: respelled === path ? null : respelled, violations: excused };
}

/** What is not allowed is refused before it is read, or noted where the rule is on trial. Throws `forbidden`. */
function reportOnlyViolations(
  split: ImagePath,
  { presets, presetsOnly, ladder, reportOnly }: UrlRules,
): readonly ReportOnlyRule[] {
  const checks: readonly (readonly [ReportOnlyRule, () => void])[] = [
    ...(presetsOnly ? ([['presets', () => checkPresetOnly(split, presets)]] as const) : []),
    ['widths', () => checkWidths(split, ladder)],
  ];
  return checks.flatMap(([rule, check]) => {
    try {
      check();
      return [];
    } catch (refusal) {
      if (refusal instanceof Failure && reportOnly.isOn(rule)) return [rule];
      throw refusal;
    }
  });
}

/** An expiry that nobody has signed could be changed by anybody. */
function checkSigned({ signature, segments }: ImagePath, { answer }: RequestedTransform): void {
  if (answer.exp === undefined || signature !== null) return;
  const { position, text } = segments[0] ?? { position: 0, text: '' };
  refuse([mistakeAt(position, text, 'exp_ in signed URLs only: s--…-- behind the id', 'w_400')]);
}

/** Words in the query are another product's; they would be ignored in silence. */
function checkQuery(path: string, query: string): void {
  const ours = spellingOfQuery(query);
  if (ours === null) return;
  refuse([mistakeAt(path.length, `?${query}`, `words in the path, here ${path}/${ours}`, `${path}/${ours}`)]);
}
