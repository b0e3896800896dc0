import { Failure } from '../../errors.ts';
import type { Point, Rectangle, Size } from '../geometry.ts';
import { compose, isOrientation, noOrientation, type Orientation, swapsSides } from '../orientation.ts';
import type { Step } from '../steps/index.ts';
import type { Shade } from '../steps/step.ts';

/** State of planning: the steps so far, and the image's size, focal point and pending turn. */
export interface Stage {
  readonly steps: Step[];
  /** Maximum pixels of any intermediate image, all frames together. */
  readonly mostPixels: number;
  /** Number of frames; 1 for a still. */
  readonly frames: number;
  /** Turn that makes the original upright; `a_ignore` reverts it. */
  readonly upright: Orientation;
  size: Size;
  focal: Point | null;
  /** Quarter turns and mirrors that are not yet in `steps`. */
  turn: Orientation;
}

/** Turns and mirrors the image. The step stays pending until a step depends on the direction. */
export function addStep(stage: Stage, orientation: Orientation): void {
  stage.focal = turnedPoint(stage.focal, stage.size, orientation);
  if (swapsSides(orientation)) stage.size = turnedSize(stage.size);
  stage.turn = compose(stage.turn, orientation);
}

function turnedSize({ width, height }: Size): Size {
  return { width: height, height: width };
}

function turnedPoint(point: Point | null, size: Size, orientation: Orientation): Point | null {
  if (point === null) return null;
  let { x, y } = point;
  let { width, height } = size;
  for (let quarter = 0; quarter < orientation.quarters; quarter++) {
    [x, y] = [height - y, x];
    [width, height] = [height, width];
  }
  return { x: orientation.mirror ? width - x : x, y };
}

/** Adds a step that scales to exactly this size. */
export function scale(stage: Stage, size: Size): void {
  if (size.width === stage.size.width && size.height === stage.size.height) return;
  checkPixels(stage, size);
  // Scaling down commutes with a pending turn, and shrink-on-load works only before one. Enlarging does not commute:
  // libvips shifts it by half a pixel right and down.
  if (size.width > stage.size.width || size.height > stage.size.height) settleTurn(stage);
  const untouched = swapsSides(stage.turn) ? turnedSize(size) : size;
  stage.steps.push({ kind: 'resize', ...untouched });
  if (stage.focal !== null) {
    const { width, height } = stage.size;
    stage.focal = { x: (stage.focal.x * size.width) / width, y: (stage.focal.y * size.height) / height };
  }
  stage.size = size;
}

/** Adds the pending turn as a step, because the next step depends on the direction. */
export function settleTurn(stage: Stage): void {
  if (isOrientation(stage.turn)) stage.steps.push({ kind: 'turn', turn: stage.turn });
  stage.turn = noOrientation;
}

export function cutRectangle(stage: Stage, rectangle: Rectangle): void {
  if (rectangle.width === stage.size.width && rectangle.height === stage.size.height) return;
  settleTurn(stage);
  stage.steps.push({ kind: 'crop', ...rectangle });
  if (stage.focal !== null) stage.focal = { x: stage.focal.x - rectangle.left, y: stage.focal.y - rectangle.top };
  stage.size = { width: rectangle.width, height: rectangle.height };
}

/** Adds a smart crop. Its place depends on the pixels, so the focal point is dropped. */
export function smartCut(stage: Stage, { width, height }: Size, by: 'attention' | 'entropy'): void {
  if (width === stage.size.width && height === stage.size.height) return;
  settleTurn(stage);
  stage.steps.push({ kind: 'smart-crop', width, height, by });
  stage.focal = null;
  stage.size = { width, height };
}

/** Places the image on a canvas of this size, with its top left corner at this point. */
export function layOn(stage: Stage, canvas: Size, { x: left, y: top }: Point, background: Shade): void {
  const { width, height } = stage.size;
  if (canvas.width === width && canvas.height === height) return;
  checkPixels(stage, canvas);
  settleTurn(stage);
  const right = canvas.width - width - left;
  const bottom = canvas.height - height - top;
  stage.steps.push({ kind: 'pad', left, top, right, bottom, background });
  if (stage.focal !== null) stage.focal = { x: stage.focal.x + left, y: stage.focal.y + top };
  stage.size = canvas;
}

/** Places the image on a canvas that shows a blurred copy of it. */
export function layOnBlurred(stage: Stage, canvas: Size, { x: left, y: top }: Point): void {
  if (canvas.width === stage.size.width && canvas.height === stage.size.height) return;
  checkPixels(stage, canvas);
  settleTurn(stage);
  stage.steps.push({ kind: 'pad-blurred', left, top, ...canvas });
  if (stage.focal !== null) stage.focal = { x: stage.focal.x + left, y: stage.focal.y + top };
  stage.size = canvas;
}

export function checkPixels(stage: Pick<Stage, 'mostPixels' | 'frames'>, { width, height }: Size): void {
  const { mostPixels: maxPixels, frames } = stage;
  const pixels = width * height * frames;
  if (pixels <= maxPixels) return;
  const sides = `${width}×${height}`;
  const received = frames === 1 ? `${sides} are` : `${frames} of ${sides} are`;
  const together = frames === 1 ? '' : ' in all frames together';
  throw new Failure('over-limit', `Expected at most ${maxPixels} pixels${together} but ${received} ${pixels}`);
}
