import { Failure } from '../../errors.ts';
import type { Point, Rectangle, Size } from '../geometry.ts';
import { compose, isOrientation, noOrientation, type Orientation, swapsSides } from '../orientation.ts';
import type { Step } from '../steps/index.ts';
import type { Shade } from '../steps/step.ts';

/** The picture on its way through the components, and the few things that can happen to it there. */
export interface Stage {
  readonly steps: Step[];
  /** Most pixels of any picture on the way, all frames together. */
  readonly mostPixels: number;
  /** Pictures that go this way: 1 but for an animation. */
  readonly frames: number;
  /** The turn that makes the original upright; taken back by `a_ignore`. */
  readonly upright: Orientation;
  size: Size;
  focal: Point | null;
  /** Quarter turns and mirrors still owed. */
  turn: Orientation;
}

/** Turns and mirrors the picture; the step itself is owed until something has a left and a top. */
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

/** Scales to exactly this size. */
export function scale(stage: Stage, size: Size): void {
  if (size.width === stage.size.width && size.height === stage.size.height) return;
  checkPixels(stage, size);
  // Scaling down commutes with a turn still owed, and shrink-on-load works only before one. Enlarging does not: libvips
  // shifts it by half a pixel to the right and down, which after a turn would be another way.
  if (size.width > stage.size.width || size.height > stage.size.height) settleTurn(stage);
  const untouched = swapsSides(stage.turn) ? turnedSize(size) : size;
  stage.steps.push({ kind: 'resize', ...untouched });
  if (stage.focal !== null) {
    const { width, height } = stage.size;
    stage.focal = { x: (stage.focal.x * size.width) / width, y: (stage.focal.y * size.height) / height };
  }
  stage.size = size;
}

/** Does the turns still owed, since what follows has a left and a top. */
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

/** Cuts what `by` likes best; where that was, only the pixels know, so the focal point is lost. */
export function smartCut(stage: Stage, { width, height }: Size, by: 'attention' | 'entropy'): void {
  if (width === stage.size.width && height === stage.size.height) return;
  settleTurn(stage);
  stage.steps.push({ kind: 'smart-crop', width, height, by });
  stage.focal = null;
  stage.size = { width, height };
}

/** Puts the picture on a canvas of this size, its left top corner at this place. */
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

/** Puts the picture on a canvas that is a blurred copy of itself. */
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
