import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import sharp from 'sharp';
import { meanColourDifference } from '../support/likeness.ts';
import { fixtureBytes, fixturePath } from '../support/photo.ts';
import { renderWords } from '../support/rendering.ts';

/**
 * `tsx test/corpus/colour.ts [REFERENCE.png FILE…]`: the mean CIEDE2000 between each file's answer as PNG and the reference scaled to its size.
 * Without arguments our own fixtures, which all show `small.png` in another space.
 */

const own = [
  'p3.jpg',
  'p3.png',
  'adobe-rgb.jpg',
  'prophoto.jpg',
  'prophoto.png',
  'rgb16.png',
  'rgb16.tiff',
  'cmyk-icc.jpg',
  'cmyk.jpg',
  'cmyk-adobe.jpg',
  'cmyk.tiff',
  'bad-icc.png',
  'hollow-icc.jpg',
  'big-icc.jpg',
];

const [reference, ...files] = process.argv.slice(2);
const truth = reference === undefined ? fixtureBytes('small.png') : readFileSync(resolve(reference));
const asked = reference === undefined ? own.map(fixturePath) : files.map((file) => resolve(file));

for (const path of asked) {
  const { plan, bytes } = await renderWords(path, 'f_png');
  const likeSized = await sharp(truth).resize(plan.width, plan.height, { fit: 'fill' }).png().toBuffer();
  console.log(`${(await meanColourDifference(bytes, likeSized)).toFixed(2).padStart(7)}  ${path}`);
}
