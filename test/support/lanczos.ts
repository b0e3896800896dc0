/** What scaling down comes to without rounding on the way and without any shortcut. */

interface Taps {
  readonly places: readonly number[];
  readonly weights: readonly number[];
}

const lobes = 3;

/** sinc(x) sinc(x/3), widened to the scale; pixels beyond an edge are the edge's. */
function tapsOf(from: number, to: number): readonly Taps[] {
  const scale = from / to;
  return Array.from({ length: to }, (_, index) => {
    const middle = (index + 0.5) * scale;
    const places: number[] = [];
    const weights: number[] = [];
    for (let at = Math.floor(middle - lobes * scale); at <= Math.ceil(middle + lobes * scale); at++) {
      const x = (Math.PI * (at + 0.5 - middle)) / scale;
      if (Math.abs(x) >= Math.PI * lobes) continue;
      places.push(Math.min(from - 1, Math.max(0, at)));
      weights.push(x === 0 ? 1 : (lobes * Math.sin(x) * Math.sin(x / lobes)) / (x * x));
    }
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return { places, weights: weights.map((weight) => weight / sum) };
  });
}

export interface Plain {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

/** Lanczos 3 in floats, of 3 × 8 bits a pixel; rounded once, at the end. */
export function lanczos(
  { data, width, height }: Plain,
  to: { readonly width: number; readonly height: number },
): Plain {
  const row = width * 3;
  const between = new Float32Array(to.height * row);
  for (const [y, { places, weights }] of tapsOf(height, to.height).entries()) {
    for (const [tap, place] of places.entries()) {
      const weight = weights[tap] ?? 0;
      for (let at = 0; at < row; at++) {
        between[y * row + at] = (between[y * row + at] ?? 0) + (data[place * row + at] ?? 0) * weight;
      }
    }
  }
  const out = Buffer.alloc(to.width * to.height * 3);
  for (const [x, { places, weights }] of tapsOf(width, to.width).entries()) {
    for (let at = 0; at < to.height * 3; at++) {
      const [y, band] = [Math.floor(at / 3), at % 3];
      let sum = 0;
      for (const [tap, place] of places.entries())
        sum += (between[y * row + place * 3 + band] ?? 0) * (weights[tap] ?? 0);
      out[(y * to.width + x) * 3 + band] = Math.min(255, Math.max(0, Math.round(sum)));
    }
  }
  return { data: out, ...to };
}
