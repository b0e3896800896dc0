import { Failure } from '../../errors.ts';
import { transparent } from '../../transform/params/colour.ts';
import type { ResolvedComponent } from '../../transform/transform.ts';
import {
  boxOf,
  cutWithin,
  cutWithinEdges,
  type Placement,
  pixels,
  placeCrop,
  placeCut,
  placeOnCanvas,
  type Size,
  scaleTo,
  whole,
} from '../geometry.ts';
import { checkPixels, cutRectangle, layOn, layOnBlurred, type Stage, scale, smartCut } from './stage.ts';

/** Applies the crop mode of a component. */
export function applyMode(stage: Stage, asked: ResolvedComponent): void {
  const picture = stage.size;
  const box = boxOf(asked, picture);
  switch (asked.mode) {
    case 'limit':
      return scale(stage, inside(picture, box));
    case 'fit':
      return scale(stage, scaleTo(picture, box, 'inside'));
    case 'mfit':
      return scale(stage, scaleTo(picture, box, 'covering'));
    case 'scale':
      return scale(stage, whole(box));
    case 'fill':
      return fill(stage, asked, box);
    case 'lfill':
      return fill(stage, asked, cutWithin(box, picture));
    case 'crop':
      return cropUnscaled(stage, asked, whole(box));
    case 'pad':
      return padTo(stage, asked, { inner: scaleTo(picture, box, 'inside'), box });
    case 'lpad':
      return padTo(stage, asked, { inner: inside(picture, box), box });
    case 'mpad':
      return padTo(stage, asked, { inner: picture, box });
  }
}

/** Fits a size into a box without enlarging it. */
function inside(picture: Size, box: Size): Size {
  return picture.width <= box.width && picture.height <= box.height ? picture : scaleTo(picture, box, 'inside');
}

function placementOf(stage: Stage, asked: ResolvedComponent): Placement {
  return { asked, picture: stage.size, focal: stage.focal };
}

/** Strategy of a smart crop, or null if the gravity is not automatic. */
function chooserOf({ gravity }: ResolvedComponent): 'attention' | 'entropy' | null {
  if (gravity === 'auto') return 'attention';
  return gravity === 'auto:entropy' ? 'entropy' : null;
}

/** Scales to cover the box and cuts to it. Zoom enlarges the image under the cut. */
function fill(stage: Stage, asked: ResolvedComponent, box: Size): void {
  const size = whole(box);
  checkPixels(stage, size);
  const placement = placementOf(stage, asked);
  const covering = scaleTo(stage.size, box, 'covering');
  const zoom = Math.max(1, asked.zoom);
  const scaled = { width: pixels(covering.width * zoom), height: pixels(covering.height * zoom) };
  const rectangle = placeCut(placement, scaled, size);
  scale(stage, scaled);
  const chooser = chooserOf(asked);
  if (chooser === null) cutRectangle(stage, rectangle);
  else smartCut(stage, size, chooser);
}

function cropUnscaled(stage: Stage, asked: ResolvedComponent, box: Size): void {
  const placement = placementOf(stage, asked);
  const { width, height } = stage.size;
  const scaled = { width: pixels(width * asked.zoom), height: pixels(height * asked.zoom) };
  const rectangle = placeCrop(placement, scaled, box);
  if (rectangle === null) {
    throw new Failure('over-limit', `Expected a crop inside the picture of ${width}×${height} but x and y lie outside`);
  }
  scale(stage, scaled);
  const chooser = chooserOf(asked);
  if (chooser === null) cutRectangle(stage, rectangle);
  else smartCut(stage, cutWithinEdges(box, scaled), chooser);
}

/** Scales the image and centres it on a canvas of at least the box. */
function padTo(stage: Stage, asked: ResolvedComponent, { inner, box }: { inner: Size; box: Size }): void {
  const canvas = whole({ width: Math.max(box.width, inner.width), height: Math.max(box.height, inner.height) });
  checkPixels(stage, canvas);
  const corner = placeOnCanvas(placementOf(stage, asked), inner, canvas);
  scale(stage, inner);
  if (asked.background === 'blurred') layOnBlurred(stage, canvas, corner);
  else layOn(stage, canvas, corner, asked.background ?? transparent);
}
