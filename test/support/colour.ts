/** CIELAB under D65 and its newest difference formula: what two colours look like to an eye, not what their bytes say. */

export type Lab = readonly [lightness: number, a: number, b: number];

/** IEC 61966-2-1, its inverse transfer function; in and out 0 to 1. */
export function linearOf(encoded: number): number {
  return encoded <= 0.04045 ? encoded / 12.92 : ((encoded + 0.055) / 1.055) ** 2.4;
}

function labCurve(ratio: number): number {
  return ratio > 216 / 24_389 ? Math.cbrt(ratio) : ((24_389 / 27) * ratio + 16) / 116;
}

/** Lab of an XYZ whose white has Y = 1, under D65 (0.95047, 1, 1.08883). */
function labOfXyz(x: number, y: number, z: number): Lab {
  const [fx, fy, fz] = [labCurve(x / 0.95047), labCurve(y), labCurve(z / 1.08883)];
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
}

/** Lab of linear sRGB light, each part 0 to 1. */
function labOfLinear(red: number, green: number, blue: number): Lab {
  return labOfXyz(
    0.4124564 * red + 0.3575761 * green + 0.1804375 * blue,
    0.2126729 * red + 0.7151522 * green + 0.072175 * blue,
    0.0193339 * red + 0.119192 * green + 0.9503041 * blue,
  );
}

/** Lab of sRGB as bytes count it, 0 to 255; fractions are welcome. */
export function labOf(red: number, green: number, blue: number): Lab {
  return labOfLinear(linearOf(red / 255), linearOf(green / 255), linearOf(blue / 255));
}

const radians = Math.PI / 180;

/** Degrees from 0 to 360; a grey has no hue, and the formula counts it as 0. */
function hueOf(a: number, b: number): number {
  if (a === 0 && b === 0) return 0;
  const degrees = Math.atan2(b, a) / radians;
  return degrees < 0 ? degrees + 360 : degrees;
}

function hueStep(from: number, to: number): number {
  const step = to - from;
  return step > 180 ? step - 360 : step < -180 ? step + 360 : step;
}

function meanHue(one: number, other: number): number {
  if (Math.abs(one - other) <= 180) return (one + other) / 2;
  return (one + other + (one + other < 360 ? 360 : -360)) / 2;
}

function sevenths(chroma: number): number {
  return Math.sqrt(chroma ** 7 / (chroma ** 7 + 25 ** 7));
}

/** CIEDE2000 after Sharma, Wu and Dalal (2005), all weights 1. About 1 is just seen, 2 is seen at a glance. */
export function deltaE(one: Lab, other: Lab): number {
  const stretch = 1 + 0.5 * (1 - sevenths((Math.hypot(one[1], one[2]) + Math.hypot(other[1], other[2])) / 2));
  const chroma1 = Math.hypot(one[1] * stretch, one[2]);
  const chroma2 = Math.hypot(other[1] * stretch, other[2]);
  const hue1 = hueOf(one[1] * stretch, one[2]);
  const hue2 = hueOf(other[1] * stretch, other[2]);
  const coloured = chroma1 * chroma2 !== 0;
  const hue = coloured ? meanHue(hue1, hue2) : hue1 + hue2;
  const chroma = (chroma1 + chroma2) / 2;
  const middle = ((one[0] + other[0]) / 2 - 50) ** 2;
  const tint =
    1 -
    0.17 * Math.cos(radians * (hue - 30)) +
    0.24 * Math.cos(radians * 2 * hue) +
    0.32 * Math.cos(radians * (3 * hue + 6)) -
    0.2 * Math.cos(radians * (4 * hue - 63));
  const lightPart = (other[0] - one[0]) / (1 + (0.015 * middle) / Math.sqrt(20 + middle));
  const chromaPart = (chroma2 - chroma1) / (1 + 0.045 * chroma);
  const turn = coloured ? hueStep(hue1, hue2) : 0;
  const huePart = (2 * Math.sqrt(chroma1 * chroma2) * Math.sin((radians * turn) / 2)) / (1 + 0.015 * chroma * tint);
  const rotation = -Math.sin(radians * 60 * Math.exp(-(((hue - 275) / 25) ** 2))) * 2 * sevenths(chroma);
  return Math.sqrt(lightPart ** 2 + chromaPart ** 2 + huePart ** 2 + rotation * chromaPart * huePart);
}
