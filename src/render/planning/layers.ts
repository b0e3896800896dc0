import { Failure } from '../../errors.ts';
import { roundHalfUp } from '../../transform/resolve.ts';
import type { LayerComponent, ResolvedLayer, ResolvedText } from '../../transform/transform.ts';
import { byCompass, lengthIn, type Point, pixels, type Size } from '../geometry.ts';
import { orientationOfExif } from '../orientation.ts';
import { type LayerSource, type PlanSource, svgMediaType } from '../source-facts.ts';
import type { Step } from '../steps/index.ts';
import type { Base, LayerOrigin, LayerPlan } from '../steps/overlay.ts';
import { withBackground } from './background.ts';
import { applyComponent } from './component.ts';
import { checkPixels, type Stage, settleTurn } from './stage.ts';
import { planUntilTrim, trimmingIn } from './trim.ts';

/** Lays a component's layers over the image, in order. Throws `missing-layer` for an unknown original. */
export function layOver(stage: Stage, layers: readonly ResolvedLayer[], sources: readonly LayerSource[]): void {
  for (const layer of layers) {
    settleTurn(stage);
    const { size, focal, mostPixels: maxPixels } = stage;
    const begun = beginning(layer, sources);
    const planned = planLayer(layer, begun, { size, focal, mostPixels: maxPixels });
    stage.steps.push({ kind: 'overlay', layer: planned, blend: layer.blend, opaque: false, ...size });
  }
}

interface Beginning {
  readonly origin: LayerOrigin;
  readonly source: PlanSource;
}

function beginning({ source: of }: ResolvedLayer, sources: readonly LayerSource[]): Beginning {
  if (of.kind === 'text') return { origin: of, source: undrawn };
  const found = sources.find(({ id }) => id === of.id);
  if (found === undefined) throw new Failure('missing-layer', `No original has the id "${of.id}" of the layer`);
  const { facts, focalPoint, version } = found;
  const source = facts.mediaType === svgMediaType ? 'svg' : 'pixels';
  return { origin: { kind: 'file', version, source }, source: { facts, focalPoint } };
}

/** Stands for text whose size is known only after drawing. */
const undrawn: PlanSource = {
  facts: { format: 'png', mediaType: 'image/png', width: 0, height: 0, orientation: 1, alpha: true, pages: 1 },
  focalPoint: null,
};

/**
 * Plans a layer: its steps, and the position of its corner if that does not depend on pixels. Throws `over-limit` if
 * the layer is too large.
 */
export function planLayer(layer: ResolvedLayer, { origin, source }: Beginning, base: Base): LayerPlan<Step> {
  if (source.facts.width === 0) {
    if (origin.kind === 'text') checkText(origin, base);
    return { origin, steps: [], corner: null, rest: { layer, source, base } };
  }
  const { facts, focalPoint } = source;
  const size = { width: facts.width, height: facts.height };
  const focal = focalPoint === null ? null : { x: focalPoint[0] * size.width, y: focalPoint[1] * size.height };
  const orientation = orientationOfExif(facts.orientation);
  const stage: Stage = {
    steps: [],
    mostPixels: base.mostPixels,
    frames: 1,
    upright: orientation,
    size,
    focal,
    turn: orientation,
  };
  const apply = (component: LayerComponent) => applyComponent(stage, onto(base.size, component));
  const trimming = trimmingIn(layer);
  if (trimming >= 0) {
    const until = planUntilTrim(layer, trimming, { stage, source, apply });
    return { origin, steps: until.steps, corner: null, rest: { layer: until.asked, source: until.source, base } };
  }
  layer.components.forEach(apply);
  settleTurn(stage);
  checkPixels(stage, stage.size);
  const shaped = withBackground(stage.steps, { asked: layer, alpha: facts.alpha, format: 'png' });
  const { opacity } = layer;
  const steps: readonly Step[] = opacity === 100 ? shaped : [...shaped, { kind: 'opacity', percent: opacity }];
  return { origin, steps, corner: cornerOf(layer, stage.size, base) };
}

/** Converts sides that are relative to the base image to pixels. */
function onto({ width, height }: Size, component: LayerComponent): LayerComponent {
  if (!component.relative) return component;
  const inPixels = (length: LayerComponent['width'], whole: number): LayerComponent['width'] =>
    length === null ? null : { unit: 'px', value: pixels(lengthIn(length, whole)) };
  return { ...component, width: inPixels(component.width, width), height: inPixels(component.height, height) };
}

/**
 * Position of a layer's top left corner. Offsets point inwards from a side, or right and down from the centre. A focal
 * point or `xy_center` positions the layer's centre.
 */
function cornerOf(layer: ResolvedLayer, size: Size, { size: base, focal }: Base): Point {
  const offset = { x: lengthIn(layer.x, base.width), y: lengthIn(layer.y, base.height) };
  if (layer.gravity !== 'xy_center' && layer.gravity !== 'custom') return byCompass(layer, size, base, offset);
  const from = layer.gravity === 'xy_center' ? { x: 0, y: 0 } : (focal ?? { x: base.width / 2, y: base.height / 2 });
  return {
    x: roundHalfUp(from.x + offset.x - size.width / 2),
    y: roundHalfUp(from.y + offset.y - size.height / 2),
  };
}

/** Upper estimate of the widest character and the tallest line of any script, in ems. */
const em = { width: 1.2, height: 1.8 } as const;

function checkText({ text, size }: ResolvedText, { mostPixels: maxPixels }: Base): void {
  const lines = text.split('\n');
  const longest = Math.max(...lines.map((line) => line.length));
  checkPixels(
    { mostPixels: maxPixels, frames: 1 },
    { width: Math.ceil(longest * size * em.width), height: Math.ceil(lines.length * size * em.height) },
  );
}
