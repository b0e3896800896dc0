import { compassPosition, isCompass } from '../transform/params/gravity.ts';
import type { Length } from '../transform/params/param.ts';
import { roundHalfUp } from '../transform/resolve.ts';
import type { ResolvedComponent } from '../transform/transform.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Rectangle extends Size {
  readonly left: number;
  readonly top: number;
}

/** Rounds to whole pixels (half up), at least 1. */
export function pixels(value: number): number {
  return Math.max(1, roundHalfUp(value));
}

export function lengthIn(length: Length, whole: number): number {
  return length.unit === 'px' ? length.value : length.value * whole;
}

export function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), Math.max(least, most));
}

/** A requested side of the box in whole pixels; null if it was not requested. */
function side(length: Length | null, whole: number): number | null {
  return length === null ? null : pixels(lengthIn(length, whole));
}

/**
 * Box for `w`, `h` and `ar`. A missing side follows the aspect ratio; without sides it is the largest box in the image.
 * The derived side is not rounded: fitting into a rounded box would miss the requested side.
 */
export function boxOf(asked: ResolvedComponent, picture: Size): Size {
  const width = side(asked.width, picture.width);
  const height = side(asked.height, picture.height);
  const ratio = asked.aspectRatio ?? picture.width / picture.height;
  if (width !== null && height !== null) return { width, height };
  if (width !== null) return { width, height: width / ratio };
  if (height !== null) return { width: height * ratio, height };
  if (asked.aspectRatio === null) return picture;
  return picture.width / picture.height > ratio
    ? { width: picture.height * ratio, height: picture.height }
    : { width: picture.width, height: picture.width / ratio };
}

/** Rounds a size to whole pixels. */
export function whole({ width, height }: Size): Size {
  return { width: pixels(width), height: pixels(height) };
}

/** Scales a size, with its ratio, to fit into the box (`inside`) or to cover it (`covering`). */
export function scaleTo(picture: Size, box: Size, how: 'inside' | 'covering'): Size {
  const across = box.width / picture.width;
  const down = box.height / picture.height;
  const byWidth = how === 'inside' ? across <= down : across >= down;
  return byWidth
    ? whole({ width: box.width, height: picture.height * across })
    : whole({ width: picture.width * down, height: box.height });
}

/** Largest size with the ratio of `box` that fits into the image; the box itself if it fits. */
export function cutWithin(box: Size, picture: Size): Size {
  const ratio = Math.min(1, picture.width / box.width, picture.height / box.height);
  return {
    width: Math.min(picture.width, pixels(box.width * ratio)),
    height: Math.min(picture.height, pixels(box.height * ratio)),
  };
}

/** Rectangle of `size` centred on a point of a scaled image, moved so that it stays inside. */
function cutAbout(centre: Point, size: Size, whole: Size): Rectangle {
  const left = clamp(roundHalfUp(centre.x - size.width / 2), 0, whole.width - size.width);
  const top = clamp(roundHalfUp(centre.y - size.height / 2), 0, whole.height - size.height);
  return { ...size, left, top };
}

export interface Placement {
  readonly asked: ResolvedComponent;
  /** Size before scaling; `x` and `y` refer to it. */
  readonly picture: Size;
  /** Focal point of the original in pixels of `picture`, or null. */
  readonly focal: Point | null;
}

/** Centre of a crop in pixels of the image; null if a compass gravity decides. */
function centreOf({ asked, picture, focal }: Placement): Point | null {
  const moved = { x: lengthIn(asked.x, picture.width), y: lengthIn(asked.y, picture.height) };
  if (asked.gravity === 'xy_center') return moved;
  if (asked.gravity !== 'custom') return null;
  const about = focal ?? { x: picture.width / 2, y: picture.height / 2 };
  return { x: about.x + moved.x, y: about.y + moved.y };
}

/**
 * Position of an inner box in an outer one by compass gravity. Offsets point inwards from a side, or right and down
 * from the centre.
 */
export function byCompass(asked: Pick<ResolvedComponent, 'gravity'>, inner: Size, outer: Size, offset: Point): Point {
  const [across, down] = isCompass(asked.gravity) ? compassPosition(asked.gravity) : [0, 0];
  const along = (position: number, room: number, by: number) => {
    if (position === 0) return roundHalfUp(room / 2 + by);
    return position < 0 ? roundHalfUp(by) : roundHalfUp(room - by);
  };
  return {
    x: along(across, outer.width - inner.width, offset.x),
    y: along(down, outer.height - inner.height, offset.y),
  };
}

/** Rectangle of exactly `size` in the image scaled to `scaled`. */
export function placeCut(placement: Placement, scaled: Size, size: Size): Rectangle {
  const { asked, picture } = placement;
  const across = scaled.width / picture.width;
  const down = scaled.height / picture.height;
  const centre = centreOf(placement);
  if (centre !== null) return cutAbout({ x: centre.x * across, y: centre.y * down }, size, scaled);
  const offset = { x: lengthIn(asked.x, picture.width) * across, y: lengthIn(asked.y, picture.height) * down };
  const corner = byCompass(asked, size, scaled, offset);
  return {
    ...size,
    left: clamp(corner.x, 0, scaled.width - size.width),
    top: clamp(corner.y, 0, scaled.height - size.height),
  };
}

/** Rectangle of a crop, cut at the edges of the image; null if it lies entirely outside. */
export function placeCrop(placement: Placement, scaled: Size, size: Size): Rectangle | null {
  const { asked, picture } = placement;
  const across = scaled.width / picture.width;
  const down = scaled.height / picture.height;
  const offset = { x: lengthIn(asked.x, picture.width) * across, y: lengthIn(asked.y, picture.height) * down };
  const centre = centreOf(placement);
  if (centre !== null) {
    const within = cutWithinEdges(size, scaled);
    return cutAbout({ x: centre.x * across, y: centre.y * down }, within, scaled);
  }
  const corner = byCompass(asked, size, scaled, offset);
  const left = Math.max(0, corner.x);
  const top = Math.max(0, corner.y);
  const right = Math.min(scaled.width, corner.x + size.width);
  const bottom = Math.min(scaled.height, corner.y + size.height);
  return right <= left || bottom <= top ? null : { left, top, width: right - left, height: bottom - top };
}

export function cutWithinEdges(size: Size, picture: Size): Size {
  return { width: Math.min(size.width, picture.width), height: Math.min(size.height, picture.height) };
}

/** Position of the scaled image on a canvas that is at least as large. */
export function placeOnCanvas({ asked, picture, focal }: Placement, inner: Size, canvas: Size): Point {
  const across = inner.width / picture.width;
  const down = inner.height / picture.height;
  const offset = { x: lengthIn(asked.x, picture.width) * across, y: lengthIn(asked.y, picture.height) * down };
  const centre = centreOf({ asked, picture, focal });
  const corner =
    centre === null
      ? byCompass(asked, inner, canvas, offset)
      : {
          x: roundHalfUp(canvas.width / 2 - centre.x * across),
          y: roundHalfUp(canvas.height / 2 - centre.y * down),
        };
  return { x: clamp(corner.x, 0, canvas.width - inner.width), y: clamp(corner.y, 0, canvas.height - inner.height) };
}
