import { Failure } from '../errors.ts';
import { transparent } from '../transform/params/colour.ts';
import type { ResolvedComponent } from '../transform/transform.ts';
import {
  boxOf,
  cutWithin,
  cutWithinEdges,
  type Placement,
  type Point,
  pixels,
  placeCrop,
  placeCut,
  placeOnCanvas,
  type Rectangle,
  type Size,
  scaleTo,
} from './geometry.ts';
import type { Step } from './steps/index.ts';
import { compose, inverse, isTurn, mirrorThenTurn, noTurn, swapsSides, type Turn } from './turn.ts';

/** The picture on its way through the components. */
export interface Stage {
  readonly steps: Step[];
  /** Most pixels of any picture on the way. */
  readonly mostPixels: number;
  /** The turn that makes the original upright; taken back by `a_ignore`. */
  readonly upright: Turn;
  size: Size;
  focal: Point | null;
  /** Quarter turns and mirrors still owed. */
  turn: Turn;
}

/** Sends the picture through one component. */
export function applyComponent(stage: Stage, component: ResolvedComponent): void {
  applyAngle(stage, component);
  applyMode(stage, component);
  applyRotation(stage, component);
}

/** Quarter turns and mirrors come before the box: `a_90,w_200` is 200 wide. */
function applyAngle(stage: Stage, { angle }: ResolvedComponent): void {
  const untouched = stage.steps.length === 0 && stage.turn === stage.upright;
  if (!angle.exif && untouched) lay(stage, inverse(stage.upright));
  lay(stage, mirrorThenTurn(angle.mirror, angle.degrees % 90 === 0 ? angle.degrees : 0));
}

function lay(stage: Stage, turn: Turn): void {
  stage.focal = turnedPoint(stage.focal, stage.size, turn);
  if (swapsSides(turn)) stage.size = turnedSize(stage.size);
  stage.turn = compose(stage.turn, turn);
}

function turnedSize({ width, height }: Size): Size {
  return { width: height, height: width };
}

function turnedPoint(point: Point | null, size: Size, turn: Turn): Point | null {
  if (point === null) return null;
  let { x, y } = point;
  let { width, height } = size;
  for (let quarter = 0; quarter < turn.quarters; quarter++) {
    [x, y] = [height - y, x];
    [width, height] = [height, width];
  }
  return { x: turn.mirror ? width - x : x, y };
}

function applyMode(stage: Stage, asked: ResolvedComponent): void {
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
      return scale(stage, box);
    case 'fill':
      return fill(stage, asked, box);
    case 'lfill':
      return fill(stage, asked, cutWithin(box, picture));
    case 'crop':
      return cropUnscaled(stage, asked, box);
    case 'pad':
      return padTo(stage, asked, scaleTo(picture, box, 'inside'), box);
    case 'lpad':
      return padTo(stage, asked, inside(picture, box), box);
    case 'mpad':
      return padTo(stage, asked, picture, box);
  }
}

/** Never larger than the picture itself. */
function inside(picture: Size, box: Size): Size {
  return picture.width <= box.width && picture.height <= box.height ? picture : scaleTo(picture, box, 'inside');
}

function scale(stage: Stage, size: Size): void {
  if (size.width === stage.size.width && size.height === stage.size.height) return;
  checkPixels(stage, size);
  // Scaling commutes with a turn still owed, and shrink-on-load works only before one.
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
  if (isTurn(stage.turn)) stage.steps.push({ kind: 'turn', turn: stage.turn });
  stage.turn = noTurn;
}

function cut(stage: Stage, rectangle: Rectangle): void {
  if (rectangle.width === stage.size.width && rectangle.height === stage.size.height) return;
  settleTurn(stage);
  stage.steps.push({ kind: 'crop', ...rectangle });
  if (stage.focal !== null) stage.focal = { x: stage.focal.x - rectangle.left, y: stage.focal.y - rectangle.top };
  stage.size = { width: rectangle.width, height: rectangle.height };
}

function smartCut(stage: Stage, asked: ResolvedComponent, { width, height }: Size): void {
  if (width === stage.size.width && height === stage.size.height) return;
  settleTurn(stage);
  stage.steps.push({ kind: 'smart-crop', width, height, by: asked.gravity === 'auto' ? 'attention' : 'entropy' });
  stage.focal = null;
  stage.size = { width, height };
}

function placementOf(stage: Stage, asked: ResolvedComponent): Placement {
  return { asked, picture: stage.size, focal: stage.focal };
}

function isSmart({ gravity }: ResolvedComponent): boolean {
  return gravity === 'auto' || gravity === 'auto:entropy';
}

/** Covers the box and cuts to it; a zoom cuts less or more, but never beyond the picture. */
function fill(stage: Stage, asked: ResolvedComponent, box: Size): void {
  checkPixels(stage, box);
  const placement = placementOf(stage, asked);
  const covering = scaleTo(stage.size, box, 'covering');
  const zoom = Math.max(1, asked.zoom);
  const scaled = { width: pixels(covering.width * zoom), height: pixels(covering.height * zoom) };
  const rectangle = placeCut(placement, scaled, box);
  scale(stage, scaled);
  if (isSmart(asked)) smartCut(stage, asked, box);
  else cut(stage, rectangle);
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
  if (isSmart(asked)) smartCut(stage, asked, cutWithinEdges(box, scaled));
  else cut(stage, rectangle);
}

function padTo(stage: Stage, asked: ResolvedComponent, size: Size, box: Size): void {
  const canvas = { width: Math.max(box.width, size.width), height: Math.max(box.height, size.height) };
  checkPixels(stage, canvas);
  const { x: left, y: top } = placeOnCanvas(placementOf(stage, asked), size, canvas);
  scale(stage, size);
  if (canvas.width === size.width && canvas.height === size.height) return;
  settleTurn(stage);
  const right = canvas.width - size.width - left;
  const bottom = canvas.height - size.height - top;
  stage.steps.push({ kind: 'pad', left, top, right, bottom, background: asked.background ?? transparent });
  if (stage.focal !== null) stage.focal = { x: stage.focal.x + left, y: stage.focal.y + top };
  stage.size = canvas;
}

/** Angles other than quarters come after the box, and the canvas grows as libvips grows it. */
function applyRotation(stage: Stage, { angle, background }: ResolvedComponent): void {
  if (angle.degrees % 90 === 0) return;
  settleTurn(stage);
  const radians = (angle.degrees * Math.PI) / 180;
  const [cos, sin] = [Math.abs(Math.cos(radians)), Math.abs(Math.sin(radians))];
  const { width, height } = stage.size;
  const size = { width: pixels(width * cos + height * sin), height: pixels(width * sin + height * cos) };
  checkPixels(stage, size);
  stage.steps.push({ kind: 'rotate', degrees: angle.degrees, background: background ?? transparent });
  stage.focal = null;
  stage.size = size;
}

export function checkPixels({ mostPixels }: Pick<Stage, 'mostPixels'>, { width, height }: Size): void {
  if (width * height > mostPixels) {
    throw new Failure(
      'over-limit',
      `Expected at most ${mostPixels} pixels but ${width}×${height} are ${width * height}`,
    );
  }
}
