import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Component, idOf, srcset, text, url } from '../../src/client/index.ts';
import { Failure } from '../../src/errors.ts';
import { printTransform } from '../../src/transform/canonical.ts';
import { parseTransform } from '../../src/transform/grammar.ts';
import { pathOfId } from '../../src/transform/id.ts';
import { splitImagePath } from '../../src/transform/image-path.ts';
import { type Key, keys, parameters } from '../../src/transform/params/index.ts';
import { maxSide } from '../../src/transform/params/size.ts';
import { builtInPresets, readPresets } from '../../src/transform/presets.ts';
import type { RequestedTransform } from '../../src/transform/transform.ts';

const presets = readPresets(builtInPresets);
const runs = { numRuns: process.env['TINTYPE_LONG'] === '1' ? 10_000 : 1000 };

function read(path: string): { readonly id: string; readonly asked: RequestedTransform } | null {
  try {
    const split = splitImagePath(path, '/img/');
    return { id: split.id, asked: parseTransform(split, presets) };
  } catch (thrown) {
    if (thrown instanceof Failure) return null;
    throw thrown;
  }
}

/** All but the answer's words, in their one spelling. */
const boxesOf = (one: ReturnType<typeof read>) => (one === null ? null : printTransform({ ...one.asked, answer: {} }));

interface Word {
  readonly key: Key;
  /** As it would be typed into a URL by hand. */
  readonly text: string;
  readonly value: string | number;
}

const inEither = (key: Key, text: string): readonly Word[] => {
  const asText = { key, text, value: text };
  // 1.0 is a share and 1 a pixel: what has a dot that a number would lose stays a text.
  return String(Number(text)) === text ? [asText, { key, text, value: Number(text) }] : [asText];
};
const sampled = fc
  .constantFrom<Key>(...keys)
  .chain((key) =>
    fc.constantFrom(
      ...parameters[key].samples.filter((sample) => sample !== 'jpeg').flatMap((one) => inEither(key, one)),
    ),
  );
const measured = fc
  .tuple(
    fc.constantFrom<Key>('w', 'h', 'x', 'y'),
    fc.oneof(
      fc.integer({ min: 1, max: maxSide }),
      fc.integer({ min: 100, max: 9999 }).map((n) => n / 10_000),
    ),
  )
  .map(([key, value]): Word => ({ key, text: String(value), value }));
const written = fc
  .tuple(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 999 }), fc.boolean())
  .map(([words, size, bold]) => text({ font: 'DejaVu Sans', size, bold, text: words }))
  .filter((value) => parameters.l.parse(value) !== null)
  .map((value): Word => ({ key: 'l', text: value, value }));
const drawn = fc.constantFrom('logo.png', 'a.b.webp').map((value): Word => ({ key: 'l', text: value, value }));
const word = fc.oneof(
  { weight: 6, arbitrary: sampled },
  { weight: 3, arbitrary: measured },
  { weight: 1, arbitrary: fc.oneof(written, drawn) },
);
const component = fc.uniqueArray(word, {
  maxLength: 5,
  selector: ({ key, text }) => (key === 'e' ? text.split(':')[0] : key),
});
const components = fc.array(component, { minLength: 1, maxLength: 3 });
const id = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._~:-]{0,20}$/),
  fc.constantFrom('l_logo', 'd_cat', 'w_400', 'cat.png', 'thumb'),
);

/** The same as an object of the client, and as a URL spelled by hand. */
function asTransform(all: readonly (readonly Word[])[]): readonly Component[] {
  return all.map((words) => {
    const effects = words.filter(({ key }) => key === 'e').map(({ value }) => value);
    const others = Object.fromEntries(words.map(({ key, value }) => [key, value]));
    // What the catalogue reads is what its types say; the compiler cannot follow it there.
    return { ...others, ...(effects.length === 0 ? {} : { e: effects }) } as Component;
  });
}

const spelled = (all: readonly (readonly Word[])[]) =>
  all
    .map((words) => words.map(({ key, text }) => encodeURIComponent(`${key}_${text}`)).join(','))
    .filter((one) => one !== '')
    // Alone at the end it would be a file name.
    .map((one) => (/^l_[a-z.]+$/.test(one) ? `/g_center,${one}` : `/${one}`))
    .join('');

describe('Whatever the client prints', () => {
  it('is read by the server as what was given', () => {
    let accepted = 0;
    fc.assert(
      fc.property(id, components, (name, all) => {
        const byHand = read(`/img/a${spelled(all)}${spelled(all) === '' ? '' : '/'}`.replace(/\/$/, ''));
        const printed = read(url(name, asTransform(all)));
        if (byHand === null) return;
        accepted += 1;
        expect(printed?.id).toBe(name);
        expect(printed?.asked.answer).toEqual(byHand.asked.answer);
        expect(boxesOf(printed)).toBe(boxesOf(byHand));
      }),
      runs,
    );
    expect(accepted).toBeGreaterThan(runs.numRuns / 20);
  });

  it('is read in the version and format of a known picture, and else as what was given', () => {
    const facts = fc.record({
      version: fc.constant('0123456789abcdef'.repeat(4)),
      format: fc.constantFrom('jpg', 'png', 'webp', 'avif', 'gif', 'tiff'),
      alpha: fc.boolean(),
    });
    fc.assert(
      fc.property(id, facts, components, (name, known, all) => {
        const plain = read(url(name, asTransform(all)));
        const printed = read(url({ id: name, ...known }, asTransform(all)));
        if (plain === null || plain.asked.answer.f === 'orig') return;
        const { v = '01234567', f } = plain.asked.answer;
        expect(printed?.asked.answer).toMatchObject({ ...plain.asked.answer, v, ...(f === undefined ? {} : { f }) });
        expect(boxesOf(printed)).toBe(boxesOf(plain));
        if (known.format !== 'tiff' && f === undefined) expect(printed?.asked.answer.f).toBe(known.format);
      }),
      runs,
    );
  });

  it('never asks for more than a known source has, and says how wide each answer is', () => {
    const side = fc.integer({ min: 1, max: 6000 });
    const box = fc.oneof(
      fc.constant({}),
      fc.record({ w: side, h: side, c: fc.constantFrom('fill' as const, 'limit' as const, 'lfill' as const) }),
      fc.record({ ar: fc.constantFrom('16:9' as const, 0.5, '1:1' as const) }),
      fc.record({ a: fc.constantFrom(90, 180, '270' as const), w: side }),
    );
    fc.assert(
      fc.property(side, side, box, (width, height, transform: Component) => {
        const turned = transform.a === 90 || transform.a === '270';
        const offered = srcset({ id: 'cat', width, height }, { ...transform, f: 'webp' }).split(', ');
        const widths = offered.map((one) => {
          const [path = '', descriptor] = one.split(' ');
          const w = read(path)?.asked.components[0]?.w;
          expect(`${w?.value}w`).toBe(descriptor);
          return w?.value ?? 0;
        });
        expect(widths).toEqual([...new Set(widths)].sort((a, b) => a - b));
        expect(widths.at(-1)).toBeLessThanOrEqual(turned ? height : width);
      }),
      runs,
    );
  });

  it('names every path by the id that the server finds it under', () => {
    const path = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((one) => !/^[/]|[:]/.test(one));
    fc.assert(
      fc.property(path, (one) => {
        expect(pathOfId(idOf(`/${one}`))).toBe(one);
      }),
      runs,
    );
  });
});
