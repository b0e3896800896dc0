/** One of the eight orientations: clockwise quarter turns first, then optionally mirrored left to right. */
export interface Orientation {
  readonly quarters: 0 | 1 | 2 | 3;
  readonly mirror: boolean;
}

export const noOrientation: Orientation = { quarters: 0, mirror: false };

function quarters(count: number): Orientation['quarters'] {
  const rest = ((count % 4) + 4) % 4;
  return rest === 1 || rest === 2 || rest === 3 ? rest : 0;
}

/** Orientation that equals `first` followed by `second`. A turn after a mirror equals the opposite turn before it. */
export function compose(first: Orientation, second: Orientation): Orientation {
  const turned = first.mirror ? -second.quarters : second.quarters;
  return { quarters: quarters(first.quarters + turned), mirror: first.mirror !== second.mirror };
}

/** Orientation that reverts another. A mirrored one is its own inverse. */
export function inverse(orientation: Orientation): Orientation {
  return orientation.mirror ? orientation : { quarters: quarters(-orientation.quarters), mirror: false };
}

/** Orientation for a mirror followed by clockwise turns, the order in URLs. `degrees` is a multiple of 90. */
export function mirrorThenTurn(mirror: boolean, degrees: number): Orientation {
  return compose({ quarters: 0, mirror }, { quarters: quarters(degrees / 90), mirror: false });
}

/** Orientations that make an image upright, by EXIF orientation (TIFF 6.0, tag 274). */
const upright: readonly Orientation[] = [
  noOrientation,
  noOrientation,
  { quarters: 0, mirror: true },
  { quarters: 2, mirror: false },
  { quarters: 2, mirror: true },
  { quarters: 1, mirror: true },
  { quarters: 1, mirror: false },
  { quarters: 3, mirror: true },
  { quarters: 3, mirror: false },
];

export function orientationOfExif(orientation: number): Orientation {
  return upright[orientation] ?? noOrientation;
}

export function swapsSides(orientation: Orientation): boolean {
  return orientation.quarters % 2 === 1;
}

export function isOrientation(orientation: Orientation): boolean {
  return orientation.quarters !== 0 || orientation.mirror;
}

export function isSameOrientation(one: Orientation, other: Orientation): boolean {
  return one.quarters === other.quarters && one.mirror === other.mirror;
}
