import { readdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { pixelsOf, type QualityScore, score } from '../src/render/pixels/score.ts';
import { accept } from './client.ts';
import { mean, median } from './numbers.ts';
import { thisMachine } from './report.ts';
import { startTintype, type Tintype } from './tintype.ts';

/**
 * `npm run bench:formats -- DIR`: what a current Chromium gets under `f_auto` of every photo of a folder, against the JPEG and
 * the WebP of the same picture: bytes, likeness, and the time of the first answer. Writes FORMATS.md beside this file.
 */

/** Sides of the boxes that the photos are brought into; each output is measured once. */
const boxes = [400, 600, 800, 1400, 2000] as const;
/** In pixels; below it more is asked of the first answer's bytes, and it may take longer. */
const border = 500_000;
const rounds = 3;

interface Answer {
  readonly bytes: Buffer;
  readonly milliseconds: number;
  readonly type: string;
}

/** One photo at one size. */
interface Measured {
  readonly pixels: number;
  readonly type: string;
  /** Of the first answer, divided by the JPEG's. */
  readonly bytes: number;
  /** Points of SSIMULACRA2, and dB, above the JPEG's. */
  readonly better: QualityScore;
  /** Of the first answer, divided by the WebP's: median of the rounds. */
  readonly time: number;
  /** Whether a picture one pixel narrower cost one encoding. */
  readonly isRemembered: boolean;
}

async function get(server: Tintype, path: string): Promise<Answer> {
  const begun = performance.now();
  const response = await fetch(server.url + path, { headers: { Accept: accept } });
  const bytes = Buffer.from(await response.arrayBuffer());
  const milliseconds = performance.now() - begun;
  if (!response.ok) throw new Error(`Expected ${path} to be a picture but received ${bytes.toString('utf8')}`);
  return { bytes, milliseconds, type: response.headers.get('content-type') ?? '' };
}

async function measure(server: Tintype, id: string, box: number): Promise<Measured> {
  const path = (words: string, side = box) => `/img/${id}/${words},h_${side},w_${side}`;
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await server.purgeAll();
    // Both without anything that was kept, neither always first.
    const order = round % 2 === 0 ? ['f_auto', 'f_webp'] : ['f_webp', 'f_auto'];
    const took = new Map<string, number>();
    for (const words of order) took.set(words, (await get(server, path(words))).milliseconds);
    times.push((took.get('f_auto') ?? 0) / (took.get('f_webp') ?? 1));
  }
  const [ours, jpeg, exact] = [
    await get(server, path('f_auto')),
    await get(server, path('f_jpg')),
    await get(server, path('f_png')),
  ];
  const original = await pixelsOf(exact.bytes);
  const [mine, its] = [score(original, await pixelsOf(ours.bytes)), score(original, await pixelsOf(jpeg.bytes))];
  return {
    pixels: original.width * original.height,
    type: ours.type.replace('image/', ''),
    bytes: ours.bytes.byteLength / jpeg.bytes.byteLength,
    better: { ssimulacra2: mine.ssimulacra2 - its.ssimulacra2, psnr: mine.psnr - its.psnr },
    time: median(times),
    isRemembered: await isOneEncoding(
      server,
      path('f_auto', box - 1),
      path(ours.type === 'image/jpeg' ? 'f_avif' : 'f_jpg', box - 1),
    ),
  };
}

/** After a first answer the loser of the same size class is not made. */
async function isOneEncoding(server: Tintype, asked: string, loser: string): Promise<boolean> {
  await get(server, asked);
  const head = await fetch(server.url + loser, { method: 'HEAD' });
  return !head.headers.has('content-length');
}

/** Every size that a photo has, each once. */
async function measurePhoto(server: Tintype, id: string, bytes: Buffer): Promise<readonly Measured[]> {
  await server.put(id, new Uint8Array(bytes));
  const { width, height } = (await (await fetch(`${server.url}/info/${id}`)).json()) as {
    width: number;
    height: number;
  };
  const fitting = boxes.filter((box) => box <= Math.max(width, height));
  const found: Measured[] = [];
  for (const box of fitting) {
    const one = await measure(server, id, box);
    console.log(
      `${id} ${(one.pixels / 1e6).toFixed(2)} MP ${one.type}: ${one.bytes.toFixed(2)} of the bytes, ${one.better.ssimulacra2.toFixed(1)} points, ${one.better.psnr.toFixed(1)} dB, ${one.time.toFixed(2)} of the time`,
    );
    found.push(one);
  }
  return found;
}

type Line = readonly [what: string, value: string, target: string, met: boolean];

function linesOf(
  name: string,
  all: readonly Measured[],
  targets: { readonly bytes: number; readonly time: number },
): readonly Line[] {
  if (all.length === 0) return [];
  const of = (read: (one: Measured) => number) => all.map(read);
  const [bytes, largest] = [mean(of((one) => one.bytes)), Math.max(...of((one) => one.bytes))];
  const worst = Math.min(...of((one) => one.better.ssimulacra2));
  const [time, slowest] = [median(of((one) => one.time)), Math.max(...of((one) => one.time))];
  const types = [...new Set(of(() => 0).map((_, at) => all[at]?.type ?? ''))];
  const share = types.map((type) => `${type} ${all.filter((one) => one.type === type).length}`).join(', ');
  const points = mean(of((one) => one.better.ssimulacra2));
  const decibels = mean(of((one) => one.better.psnr));
  return [
    [
      `${name}: bytes against JPEG q 80, mean of ${all.length} (${share})`,
      bytes.toFixed(3),
      `≤ ${targets.bytes}`,
      bytes <= targets.bytes,
    ],
    [`${name}: the largest`, largest.toFixed(3), '≤ 1', largest <= 1],
    [
      `${name}: SSIMULACRA2 against the JPEG's, the worst (mean ${points.toFixed(2)}; PSNR ${decibels.toFixed(2)} dB)`,
      worst.toFixed(2),
      '≥ -2',
      worst >= -2,
    ],
    [
      `${name}: time of the first answer against WebP's, median (most ${slowest.toFixed(2)})`,
      time.toFixed(2),
      `≤ ${targets.time}`,
      time <= targets.time,
    ],
    [
      `${name}: a second request of the size class is one encoding`,
      `${all.filter((one) => one.isRemembered).length} of ${all.length}`,
      'all',
      all.every((one) => one.isRemembered),
    ],
  ];
}

async function run(folder: string): Promise<void> {
  const server = await startTintype();
  const all: Measured[] = [];
  let photos = 0;
  try {
    for (const name of (await readdir(folder)).toSorted().filter((file) => /^\.(jpe?g|png)$/i.test(extname(file)))) {
      photos += 1;
      all.push(...(await measurePhoto(server, `photo-${photos}`, await readFile(join(folder, name)))));
    }
  } finally {
    await server.stop();
  }
  const lines = [
    ...linesOf(
      'Up to 0.5 MP',
      all.filter(({ pixels }) => pixels <= border),
      { bytes: 0.72, time: 3 },
    ),
    ...linesOf(
      'Above',
      all.filter(({ pixels }) => pixels > border),
      { bytes: 0.8, time: 1.5 },
    ),
  ];
  const { date, cpu, cores, node, sharp, libvips } = thisMachine('');
  const text = [
    '# What Chromium gets under `f_auto`',
    'Written by `npm run bench:formats -- DIR`: photos brought into boxes of 400 to 2000 pixels, the likeness measured against the same pixels as PNG.',
    `${date} · ${cpu}, ${cores} cores · Node ${node} · sharp ${sharp}, libvips ${libvips} · ${photos} photos`,
    [
      '| what | measured | target | |',
      '| --- | --- | --- | --- |',
      ...lines.map(([what, value, target, met]) => `| ${what} | ${value} | ${target} | ${met ? 'met' : 'missed'} |`),
    ].join('\n'),
  ].join('\n\n');
  console.log(`\n${text}`);
  await writeFile(new URL('FORMATS.md', import.meta.url), `${text}\n`);
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Expected a folder of photos: npm run bench:formats -- DIR');
await run(folder);
