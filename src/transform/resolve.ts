import { likeness } from '../formats/qualities.ts';
import { saysAnything } from './canonical.ts';
import { blendsIn, places, rolesOf, shapingWords, signsOf } from './layers.ts';
import { bucketOf } from './negotiate.ts';
import type { Colour } from './params/colour.ts';
import { namesIn } from './params/effect.ts';
import { type Effects, effectOf } from './params/effects/index.ts';
import type { Words } from './params/index.ts';
import type { Length } from './params/param.ts';
import { gravityOf, modeOf, takesColour } from './rules.ts';
import type {
  FormatChoice,
  LayerComponent,
  QualityAim,
  RequestedTransform,
  ResolvedComponent,
  ResolvedLayer,
  ResolvedTransform,
} from './transform.ts';

/** What of a request may have a say in the answer: nothing but this. */
export interface Client {
  readonly accept: string | null;
}

const zero: Length = { unit: 'px', value: 0 };

/** Half up, forgiving what binary fractions add or take. */
export function roundHalfUp(value: number): number {
  return Math.floor(value + 0.5 + 1e-9);
}

function scaled(length: Length | undefined, ratio: number): Length | null {
  if (length === undefined) return null;
  if (length.unit === 'fraction') return length;
  return { unit: 'px', value: Math.max(1, roundHalfUp(length.value * ratio)) };
}

function resolveMode(words: Words): ResolvedComponent['mode'] {
  const mode = modeOf(words);
  return mode === 'auto' || mode === 'thumb' ? 'fill' : mode;
}

/** A crop's rectangle is in the picture's own pixels, so no density touches it. */
function resolveComponent(words: Words): ResolvedComponent {
  const mode = resolveMode(words);
  const ratio = mode === 'crop' ? 1 : (words.dpr ?? 1);
  return {
    width: scaled(words.w, ratio),
    height: scaled(words.h, ratio),
    aspectRatio: words.ar?.ratio ?? null,
    mode,
    gravity: gravityOf(words),
    x: words.x ?? zero,
    y: words.y ?? zero,
    zoom: words.z ?? 1,
    angle: words.a ?? { exif: true, mirror: false, degrees: 0 },
    background: words.b ?? null,
    corners: resolveCorners(words),
    border: resolveBorder(words),
    effects: working(words.e ?? {}),
    effectColour: takesColour(words) ? (words.co ?? null) : null,
    opacity: words.o ?? 100,
    layers: [],
  };
}

/** Without effects that change nothing. */
function working(effects: Effects): Effects {
  const names = namesIn(effects).filter((name) => !effectOf(name).isIdle(effects[name]));
  return Object.fromEntries(names.map((name) => [name, effects[name]]));
}

/** Larger than any half of a side. */
const roundest = 1_000_000;

function resolveCorners({ r = [0, 0, 0, 0], dpr = 1 }: Words): ResolvedComponent['corners'] {
  if (r === 'max') return [roundest, roundest, roundest, roundest];
  const [a, b, c, d] = r;
  return [roundHalfUp(a * dpr), roundHalfUp(b * dpr), roundHalfUp(c * dpr), roundHalfUp(d * dpr)];
}

function resolveBorder({ bo, dpr = 1 }: Words): ResolvedComponent['border'] {
  return bo === undefined ? null : { width: Math.max(1, roundHalfUp(bo.width * dpr)), colour: bo.colour };
}

/** Layers belong to the component before them; the picture as it comes is one, too. */
function resolveComponents(components: readonly Words[]): readonly ResolvedComponent[] {
  const roles = rolesOf(components.map(signsOf));
  const resolved: ResolvedComponent[] = [];
  let layer: { readonly opening: Words; readonly components: LayerComponent[] } | null = null;
  for (const [index, words] of components.entries()) {
    const role = roles[index] ?? 'own';
    const component = resolveComponent(shapingWords(words, role));
    if (role === 'own') resolved.push(component);
    else if (role === 'opening' || role === 'alone') layer = { opening: words, components: [] };
    if (role !== 'own' && role !== 'applying') {
      layer?.components.push({ ...component, relative: words.fl?.includes('relative') === true });
    }
    if (layer === null || !places(role)) continue;
    const base = resolved.pop() ?? resolveComponent({});
    resolved.push({ ...base, layers: [...base.layers, resolveLayer(layer.opening, layer.components, words)] });
    layer = null;
  }
  return resolved;
}

function resolveLayer({ l, co, dpr = 1 }: Words, components: readonly LayerComponent[], placing: Words): ResolvedLayer {
  if (l === undefined) throw new TypeError('Expected a layer where one is opened');
  const moved = ({ unit, value }: Length): Length =>
    unit === 'fraction' ? { unit, value } : { unit, value: roundHalfUp(value * (placing.dpr ?? 1)) };
  return {
    source: l.kind === 'image' ? l : { ...l, size: Math.max(1, roundHalfUp(l.size * dpr)), colour: co ?? black },
    components,
    gravity: placing.g ?? 'center',
    x: moved(placing.x ?? zero),
    y: moved(placing.y ?? zero),
    blend: blendsIn(placing)[0] ?? null,
    opacity: placing.o ?? 100,
  };
}

const black: Colour = { red: 0, green: 0, blue: 0, alpha: 255 };

function resolveFormat(asked: RequestedTransform, client: Client): FormatChoice {
  const format = asked.answer.f;
  if (format === undefined || format === 'orig') return { kind: 'own' };
  return format === 'auto' ? { kind: 'auto', bucket: bucketOf(client.accept) } : { kind: 'fixed', name: format };
}

function resolveQuality(quality: Words['q']): ResolvedTransform['quality'] {
  if (quality?.kind === 'fixed') return quality.quality;
  return quality?.kind === 'auto' ? quality.level : null;
}

function resolveAim({ answer: { q, mb } }: RequestedTransform): QualityAim | null {
  if (mb !== undefined) return { kind: 'bytes', most: mb };
  if (q?.kind === 'ssim') return { kind: 'likeness', target: q.target };
  return q?.kind === 'auto' ? { kind: 'likeness', target: likeness[q.level] } : null;
}

/** Defaults, density and negotiation: afterwards nothing of the request is left to decide. */
export function resolveTransform(asked: RequestedTransform, client: Client): ResolvedTransform {
  const quality = asked.answer.q;
  const flags = asked.answer.fl ?? [];
  return {
    page: asked.answer.pg ?? null,
    animated: flags.includes('animated'),
    components: resolveComponents(asked.components.filter(saysAnything)),
    format: resolveFormat(asked, client),
    quality: resolveQuality(quality),
    aim: resolveAim(asked),
    chroma: quality?.kind === 'fixed' ? quality.chroma : null,
    loss: flags.includes('lossless') ? 'lossless' : flags.includes('lossy') ? 'lossy' : null,
    progressive: flags.includes('progressive'),
    density: asked.answer.dn ?? null,
    colourSpace: asked.answer.cs ?? 'srgb',
    attribution: flags.includes('keep_attribution'),
  };
}

/** The whole first page, inside a square of so many pixels a side. */
export function squareTransform(side: number): ResolvedTransform {
  const length: Length = { unit: 'px', value: side };
  return resolveTransform({ components: [{ w: length, h: length }], answer: { pg: 1 }, presets: [] }, { accept: null });
}
