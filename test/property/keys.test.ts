import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/errors.ts';
import { noAnnotations, type Original } from '../../src/library/original.ts';
import { layerIdsIn, specifyVariant } from '../../src/library/variants/spec.ts';
import { printImagePath, printTransform } from '../../src/transform/canonical.ts';
import { parseTransform } from '../../src/transform/grammar.ts';
import { splitImagePath } from '../../src/transform/image-path.ts';
import { checkWidths, ladderBeside, snapToRungs } from '../../src/transform/ladder.ts';
import { type Key, keys, parameters } from '../../src/transform/params/index.ts';
import { builtInPresets, readPresets } from '../../src/transform/presets.ts';
import { resolveTransform } from '../../src/transform/resolve.ts';
import { respell } from '../../src/transform/respell.ts';

const presets = readPresets({ ...builtInPresets, dense: 'c_fill,dpr_2,g_auto,h_90,w_90' });
const runs = { numRuns: 2000 };

const original: Original = {
  ...noAnnotations,
  source: null,
  removed: [],
  id: 'cat',
  version: '1a2b3c4d'.repeat(8),
  generation: 1,
  blob: 'o/cat/x',
  bytes: 1,
  facts: {
    format: 'jpg',
    mediaType: 'image/jpeg',
    width: 1200,
    height: 900,
    orientation: 6,
    alpha: false,
    pages: 1,
  },
  createdAt: '2026-01-01T00:00:00.000Z',
  focalPoint: [0.3, 0.6],
};

/** `f_orig` is no rendering, and an unknown preset no URL. */
const samplesOf = (key: Key) => parameters[key].samples.filter((sample) => key !== 'f' || sample !== 'orig');
const word = fc
  .constantFrom<Key>(...keys.filter((key) => key !== 't'))
  .chain((key) => fc.constantFrom(...samplesOf(key)).map((value) => ({ key, text: `${key}_${value}` })));
const named = fc.constantFrom({ key: 't' as const, text: 'thumb' }, { key: 't' as const, text: 't_dense.thumb' });
const component = fc.uniqueArray(fc.oneof({ weight: 9, arbitrary: word }, named), {
  minLength: 1,
  maxLength: 6,
  selector: ({ key }) => key,
});
const components = fc.array(component, { minLength: 1, maxLength: 3 });
type Components = readonly (readonly { readonly key: Key; readonly text: string }[])[];

const spelled = (all: Components, comma = ',') =>
  `/img/cat/${all.map((words) => words.map(({ text }) => text).join(comma)).join('/')}`;

/** The words of a component with two defaults written out. Beside `fl_layer_apply` a radius is refused, even the default. */
function withDefaults(words: Components[number]): Components[number] {
  const applies = words.some(({ text }) => /\blayer_apply\b/.test(text.slice('fl_'.length)));
  const defaults = [{ key: 'dpr', text: 'dpr_1' }, ...(applies ? [] : [{ key: 'r', text: 'r_0' } as const])] as const;
  return [...words, ...defaults.filter(({ key }) => words.every((word) => word.key !== key))];
}

function refusedOr<T>(make: () => T): T | null {
  try {
    return make();
  } catch (thrown) {
    if (thrown instanceof Failure && ['bad-words', 'over-limit', 'unfit-words'].includes(thrown.kind)) return null;
    throw thrown;
  }
}

function keyOf(path: string): string | null {
  return refusedOr(() => {
    const asked = parseTransform(splitImagePath(path, '/img/'), presets);
    const resolved = resolveTransform(asked, { accept: 'image/webp' });
    const layers = layerIdsIn(resolved).map((id) => ({ ...original, id }));
    const limits = { maxOutput: 40_000_000, maxFrames: 256 };
    return specifyVariant(original, resolved, { epoch: 1, limits, layers, fonts: '' }).key;
  });
}

describe('Threats E4 and E8: the key of a rendering', () => {
  it('is the same for every spelling: order, encoding, defaults written out, canonical, with its cosmetic name', () => {
    let met = 0;
    fc.assert(
      fc.property(components, fc.integer({ min: 1, max: 5 }), (all, by) => {
        const key = keyOf(spelled(all));
        const turned = all.map((words) => [...words.slice(by % words.length), ...words.slice(0, by % words.length)]);
        expect(keyOf(spelled(turned))).toBe(key);
        expect(keyOf(spelled(all, '%2C'))).toBe(key);
        if (key === null) return;
        met += 1;
        const asked = parseTransform(splitImagePath(spelled(all), '/img/'), presets);
        const printed = printTransform(asked);
        expect(keyOf(printed === '' ? '/img/cat' : `/img/cat/${printed}`)).toBe(key);
        expect(keyOf(printImagePath('cat', asked))).toBe(key);
        if (!all.some((words) => words.some((word) => word.key === 't'))) {
          expect(keyOf(spelled(all.map(withDefaults)))).toBe(key);
        }
      }),
      { ...runs, examples: [[[[{ key: 'l', text: 'l_logo' }], [{ key: 'fl', text: 'fl_layer_apply' }]], 1]] },
    );
    expect(met).toBeGreaterThan(100);
  });

  it('is the same behind a redirect, and the redirect leads no further', () => {
    fc.assert(
      fc.property(components, fc.constantFrom('', '/cat.webp', '/My%20Cat.PNG'), (all, name) => {
        const path = spelled(all) + name;
        const split = refusedOr(() => splitImagePath(path, '/img/'));
        const asked = split === null ? null : refusedOr(() => parseTransform(split, presets));
        if (split === null || asked === null) return;
        const canonical = respell(split, asked, presets);
        expect(keyOf(canonical)).toBe(keyOf(path));
        const again = splitImagePath(canonical, '/img/');
        expect(respell(again, parseTransform(again, presets), presets)).toBe(canonical);
      }),
      runs,
    );
  });
});

describe('A rung of a ladder', () => {
  const ladder = ladderBeside({ kind: 'snap', widths: [320, 640, 1280] }, presets);

  it('is legal, stays where it is, and is on the list', () => {
    fc.assert(
      fc.property(components, (all) => {
        const asked = refusedOr(() => parseTransform(splitImagePath(spelled(all), '/img/'), presets));
        if (asked === null) return;
        const rung = snapToRungs(asked, ladder);
        const path = printImagePath('cat', rung);
        const split = splitImagePath(path, '/img/');
        const again = parseTransform(split, presets);
        expect(printTransform(snapToRungs(again, ladder))).toBe(printTransform(rung));
        if (!path.includes('w_0') && !path.includes('w_1.0')) {
          expect(() => checkWidths(split, { ...ladder, kind: 'list' })).not.toThrow();
        }
      }),
      runs,
    );
  });
});
