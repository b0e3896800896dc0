const side = 8;
const [c1, c2] = [(0.01 * 255) ** 2, (0.03 * 255) ** 2];

async function lumaOf(blob) {
  const bitmap = await createImageBitmap(blob);
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const luma = new Float32Array(width * height);
  for (let at = 0; at < luma.length; at++)
    luma[at] = 0.299 * data[4 * at] + 0.587 * data[4 * at + 1] + 0.114 * data[4 * at + 2];
  return { width, height, luma };
}

function ofBlock(a, b, left, top) {
  let [sumA, sumB, squareA, squareB, product] = [0, 0, 0, 0, 0];
  for (let y = top; y < top + side; y++) {
    for (let x = left; x < left + side; x++) {
      const [p, q] = [a.luma[y * a.width + x], b.luma[y * a.width + x]];
      sumA += p;
      sumB += q;
      squareA += p * p;
      squareB += q * q;
      product += p * q;
    }
  }
  const n = side * side;
  const [meanA, meanB] = [sumA / n, sumB / n];
  const [varA, varB, both] = [squareA / n - meanA ** 2, squareB / n - meanB ** 2, product / n - meanA * meanB];
  return ((2 * meanA * meanB + c1) * (2 * both + c2)) / ((meanA ** 2 + meanB ** 2 + c1) * (varA + varB + c2));
}

/** Mean structural similarity of luma over blocks of 8 × 8 (Wang et al. 2004), on white; 1 = the same, null = another size. */
export async function likeness(first, second) {
  const [a, b] = await Promise.all([lumaOf(first), lumaOf(second)]);
  if (a.width !== b.width || a.height !== b.height || a.width < side || a.height < side) return null;
  let [sum, count] = [0, 0];
  for (let top = 0; top + side <= a.height; top += side) {
    for (let left = 0; left + side <= a.width; left += side) {
      sum += ofBlock(a, b, left, top);
      count += 1;
    }
  }
  return sum / count;
}
