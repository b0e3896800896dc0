import { LRUCache } from 'lru-cache';
import type { HttpContext } from '../message/route.ts';

/** What a URL can be refused for with a 403, by its name in TINTYPE_REPORT_ONLY. */
export const reportOnlyRules = ['signing', 'presets', 'widths'] as const;
export type ReportOnlyRule = (typeof reportOnlyRules)[number];

/** Requests of one referrer that one rule would have refused. */
interface Entry {
  readonly rule: ReportOnlyRule;
  /** Origin of the page that asked; null where it did not say. */
  readonly referrer: string | null;
  /** Words that no preset stands for, spelled as a preset would have them; null where it is not about words. */
  readonly words: string | null;
  /** The last of the URLs. */
  readonly example: string;
  count: number;
}

/** Different referrers and words that are remembered; of more, the least recently met are forgotten. */
const maxEntries = 1000;
const maxText = 200;

/** Rules on trial: what they would refuse is answered, counted and listed. On this node, since its start. */
export class ReportOnly {
  readonly #rules: ReadonlySet<ReportOnlyRule>;
  readonly #entries = new LRUCache<string, Entry>({ max: maxEntries });
  readonly #counts = new Map<ReportOnlyRule, number>();

  constructor(rules: readonly ReportOnlyRule[]) {
    this.#rules = new Set(rules);
  }

  isOn(rule: ReportOnlyRule): boolean {
    return this.#rules.has(rule);
  }

  count(
    rule: ReportOnlyRule,
    context: HttpContext,
    { path, words }: { readonly path: string; readonly words: string | null },
  ) {
    const referrer = originOf(context.req.header('referer'));
    const key = JSON.stringify([rule, referrer, words]);
    const example = path.slice(0, maxText).replace(/\/s--[^/]*/, '/s--…');
    const known = this.#entries.get(key)?.count ?? 0;
    this.#entries.set(key, { rule, referrer, words: words?.slice(0, maxText) ?? null, example, count: known + 1 });
    this.#counts.set(rule, (this.#counts.get(rule) ?? 0) + 1);
  }

  /** What would have been refused, most often asked first, and presets that would cover it: name → words, as TINTYPE_PRESETS takes them. */
  report() {
    const entries = [...this.#entries.values()].sort((a, b) => b.count - a.count);
    const words = new Set(entries.flatMap((entry) => (entry.rule === 'presets' ? (entry.words ?? []) : [])));
    return {
      rules: reportOnlyRules.filter((rule) => this.#rules.has(rule)),
      counts: Object.fromEntries(reportOnlyRules.map((rule) => [rule, this.#counts.get(rule) ?? 0])),
      refused: entries,
      presets: Object.fromEntries([...words].filter((text) => text !== '').map((text) => [nameFor(text), text])),
    };
  }
}

function originOf(referrer: string | undefined): string | null {
  if (referrer === undefined || !URL.canParse(referrer)) return null;
  return new URL(referrer).origin.slice(0, maxText);
}

/** A legal name of a preset that tells what it stands for. */
function nameFor(words: string): string {
  return `x-${words.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`.slice(0, 60).replace(/-+$/, '');
}
