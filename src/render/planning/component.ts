import { transparent } from '../../transform/params/colour.ts';
import type { ResolvedComponent } from '../../transform/transform.ts';
import { pixels } from '../geometry.ts';
import { inverse, isSameOrientation, mirrorThenTurn } from '../orientation.ts';
import type { Step } from '../steps/index.ts';
import type { Shade } from '../steps/step.ts';
import { effectSteps } from './effects.ts';
import { applyMode } from './modes.ts';
import { addStep, checkPixels, layOn, type Stage, settleTurn } from './stage.ts';

/** Applies one component, in the documented order. */
export function applyComponent(stage: Stage, component: ResolvedComponent): void {
  applyAngle(stage, component);
  applyMode(stage, component);
  applyRotation(stage, component);
  applySteps(stage, effectSteps(component, stage.size));
  applyEdge(stage, component);
  applySteps(stage, component.opacity === 100 ? [] : [{ kind: 'opacity', percent: component.opacity }]);
}

/** Applies quarter turns and mirrors, which come before the box: `a_90,w_200` is 200 wide. */
export function applyAngle(stage: Stage, { angle }: ResolvedComponent): void {
  // Compared by value, because a component without a turn, which printing omits, must not matter.
  const untouched = stage.steps.length === 0 && isSameOrientation(stage.turn, stage.upright);
  if (!angle.exif && untouched) addStep(stage, inverse(stage.upright));
  addStep(stage, mirrorThenTurn(angle.mirror, angle.degrees % 90 === 0 ? angle.degrees : 0));
}

/** Applies other angles after the box. The canvas grows around the centre, as in libvips. */
function applyRotation(stage: Stage, { angle, background }: ResolvedComponent): void {
  if (angle.degrees % 90 === 0) return;
  settleTurn(stage);
  const radians = (angle.degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
  const { width, height } = stage.size;
  const size = {
    width: pixels(width * Math.abs(cos) + height * Math.abs(sin)),
    height: pixels(width * Math.abs(sin) + height * Math.abs(cos)),
  };
  checkPixels(stage, size);
  stage.steps.push({ kind: 'rotate', degrees: angle.degrees, background: shadeOf(background) });
  if (stage.focal !== null) {
    const [x, y] = [stage.focal.x - width / 2, stage.focal.y - height / 2];
    stage.focal = { x: size.width / 2 + x * cos - y * sin, y: size.height / 2 + x * sin + y * cos };
  }
  stage.size = size;
}

/** Rounds corners and adds the border around them. Radii are those of the border's outer edge; 0 stays sharp. */
function applyEdge(stage: Stage, { corners, border, background }: ResolvedComponent): void {
  const half = Math.min(stage.size.width, stage.size.height) / 2;
  const line = border?.width ?? 0;
  const [a, b, c, d] = corners;
  const outer = (radius: number) => (radius === 0 ? 0 : Math.min(radius, half) + line);
  if (border !== null) {
    const { width, height } = stage.size;
    layOn(stage, { width: width + 2 * line, height: height + 2 * line }, { x: line, y: line }, border.colour);
  }
  if (corners.every((radius) => radius === 0)) return;
  settleTurn(stage);
  stage.steps.push({
    kind: 'round',
    corners: [outer(a), outer(b), outer(c), outer(d)],
    border,
    background: shadeOf(background),
    opaque: false,
    ...stage.size,
  });
}

/** Adds steps that keep the size. Turns that are pending are applied before. */
function applySteps(stage: Stage, steps: readonly Step[]): void {
  if (steps.length === 0) return;
  settleTurn(stage);
  stage.steps.push(...steps);
}

/** Background of new areas; `blurred` applies only to canvases. */
function shadeOf(background: ResolvedComponent['background']): Shade {
  return background === null || background === 'blurred' ? transparent : background;
}
