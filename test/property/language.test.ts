import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/errors.ts';
import type { FormatName } from '../../src/formats/format.ts';
import { formats } from '../../src/formats/index.ts';
import { planRender } from '../../src/render/planning/plan.ts';
import { printTransform } from '../../src/transform/canonical.ts';
import { parseTransform } from '../../src/transform/grammar.ts';
import { splitImagePath } from '../../src/transform/image-path.ts';
import { layerIds } from '../../src/transform/layers.ts';
import { type Key, keys, parameters } from '../../src/transform/params/index.ts';
import { builtInPresets, readPresets } from '../../src/transform/presets.ts';
import { resolveTransform } from '../../src/transform/resolve.ts';
import type { RequestedTransform } from '../../src/transform/transform.ts';

const presets = readPresets(builtInPresets);
const limits = { maxOutput: 40_000_000, maxFrames: 256 };
const runs = { numRuns: 3000 };

const word = fc
  .constantFrom<Key>(...keys)
  .chain((key) => fc.constantFrom(...parameters[key].samples).map((value) => ({ key, text: `${key}_${value}` })));
/** Different effects may stand side by side, and of every other word one. */
const component = fc.uniqueArray(word, {
  minLength: 1,
  maxLength: 6,
  selector: ({ key, text }) => (key === 'e' ? text.split(':')[0] : key),
});
const components = fc.array(component, { minLength: 1, maxLength: 3 });
const facts = fc.record({
  format: fc.constantFrom<FormatName>('jpg', 'png', 'webp', 'gif', 'avif', 'tiff'),
  mediaType: fc.constant('image/any'),
  width: fc.integer({ min: 1, max: 9000 }),
  height: fc.integer({ min: 1, max: 5000 }),
  orientation: fc.integer({ min: 1, max: 8 }),
  alpha: fc.boolean(),
  pages: fc.constantFrom(1, 1, 5),
});
const focal = fc.option(
  fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
);

function read(path: string): RequestedTransform | null {
  try {
    return parseTransform(splitImagePath(path, '/img/'), presets);
  } catch (thrown) {
    if (thrown instanceof Failure) return null;
    throw thrown;
  }
}

const spelled = (all: readonly (readonly { text: string }[])[]) =>
  `/img/cat/${all.map((words) => words.map(({ text }) => text).join(',')).join('/')}`;

describe('Whatever legal URL is asked for', () => {
  it('the order of words in a component never matters', () => {
    fc.assert(
      fc.property(components, fc.integer({ min: 1, max: 5 }), (all, by) => {
        const turned = all.map((words) =>
          [...words.slice(by % words.length), ...words.slice(0, by % words.length)].reverse(),
        );
        expect(read(spelled(turned))).toEqual(read(spelled(all)));
      }),
      runs,
    );
  });

  it('printing it gives a URL that means the same and prints the same', () => {
    fc.assert(
      fc.property(components, facts, focal, (all, source, focalPoint) => {
        const asked = read(spelled(all));
        if (asked === null) return;
        const printed = printTransform(asked);
        const again = read(printed === '' ? '/img/cat' : `/img/cat/${printed}`);
        expect(again).not.toBeNull();
        if (again !== null) {
          expect(printTransform(again)).toBe(printed);
          expect(planOrNull(again, source, focalPoint)).toEqual(planOrNull(asked, source, focalPoint));
        }
      }),
      runs,
    );
  });

  it('its plan never leaves the picture, never exceeds a limit and never loses a side', () => {
    fc.assert(
      fc.property(components, facts, focal, (all, source, focalPoint) => {
        const asked = read(spelled(all));
        if (asked === null) return;
        const plan = planOrNull(asked, source, focalPoint);
        if (plan === null) return;
        if (plan.rest !== undefined) return;
        expect(plan.width * plan.height).toBeLessThanOrEqual(limits.maxOutput);
        expect(Math.max(plan.width, plan.height)).toBeLessThanOrEqual(Math.min(8192, formats[plan.format].maxSide));
        expect(walk(plan, source)).toEqual([plan.width, plan.height]);
      }),
      runs,
    );
  });
});

const logo = {
  format: 'png',
  mediaType: 'image/png',
  width: 300,
  height: 100,
  orientation: 6,
  alpha: true,
  pages: 1,
} as const;

function planOrNull(
  asked: RequestedTransform,
  source: Parameters<typeof planRender>[1]['facts'],
  focalPoint: [number, number] | null,
) {
  try {
    const layers = layerIds(asked.components).map((id) => ({
      id,
      version: '0'.repeat(64),
      facts: logo,
      focalPoint: null,
    }));
    const resolved = resolveTransform(asked, { accept: 'image/webp' });
    return planRender(resolved, { facts: source, focalPoint }, limits, layers);
  } catch (thrown) {
    if (thrown instanceof Failure && (thrown.kind === 'over-limit' || thrown.kind === 'unfit-words')) return null;
    throw thrown;
  }
}

/** Does the steps on nothing but a size, refusing what sharp would refuse. */
function walk(
  { steps }: ReturnType<typeof planRender>,
  source: { width: number; height: number; orientation: number },
) {
  let [width, height] = source.orientation > 4 ? [source.height, source.width] : [source.width, source.height];
  for (const step of steps) {
    if (step.kind === 'crop') {
      expect(step.left).toBeGreaterThanOrEqual(0);
      expect(step.top).toBeGreaterThanOrEqual(0);
      expect(step.left + step.width).toBeLessThanOrEqual(width);
      expect(step.top + step.height).toBeLessThanOrEqual(height);
    }
    if (step.kind === 'smart-crop') {
      expect(step.width).toBeLessThanOrEqual(width);
      expect(step.height).toBeLessThanOrEqual(height);
    }
    if (step.kind === 'crop' || step.kind === 'resize' || step.kind === 'smart-crop')
      [width, height] = [step.width, step.height];
    if (step.kind === 'turn' && step.turn.quarters % 2 === 1) [width, height] = [height, width];
    if (step.kind === 'pad') [width, height] = [width + step.left + step.right, height + step.top + step.bottom];
    if (step.kind === 'pad-blurred') {
      expect(step.left >= 0 && step.left + width <= step.width).toBe(true);
      expect(step.top >= 0 && step.top + height <= step.height).toBe(true);
      [width, height] = [step.width, step.height];
    }
    if (step.kind === 'rotate') {
      const [cos, sin] = [
        Math.abs(Math.cos((step.degrees * Math.PI) / 180)),
        Math.abs(Math.sin((step.degrees * Math.PI) / 180)),
      ];
      [width, height] = [
        Math.floor(width * cos + height * sin + 0.5 + 1e-9),
        Math.floor(width * sin + height * cos + 0.5 + 1e-9),
      ];
    }
    expect(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0).toBe(true);
  }
  return [width, height];
}

describe('Whatever noise is asked for', () => {
  it('it is a 400, or it is legal', () => {
    const noise = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc
        .array(fc.constantFrom('w_', 'h_1', ',', '/', '%2C', '%', '_', 'thumb', '.webp', '0', '-', 's--x--'))
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(noise, (text) => {
        read(`/img/cat/${text}`);
        read(`/img/${text}`);
      }),
      runs,
    );
  });
});
