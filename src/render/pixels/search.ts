import sharp from 'sharp';
import type { QualityAim } from '../../transform/transform.ts';
import { allowOwnBytes } from '../sharp-setup.ts';
import { settleRaw } from '../steps/raw.ts';
import { type Drawn, draw, encodeDrawn, type RenderJobs, render } from './render.ts';
import { lumaOf, ssim } from './ssim.ts';

/** A quality search. The plans differ only in quality, lowest first. */
export interface SearchJob extends RenderJobs {
  readonly aim: QualityAim;
}

export interface SearchResult {
  /** Index of the chosen plan. */
  readonly index: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Finds a quality by bisection, from one decode. Deterministic for a job. For `bytes`: the highest quality that fits,
 * or the lowest if none does. For `likeness`: the lowest that is similar enough, or the highest if none is.
 */
export async function search({ plans, aim, ...file }: SearchJob): Promise<SearchResult> {
  const [first] = plans;
  if (first === undefined) throw new TypeError('Expected at least one plan to choose from');
  const drawn = first.rest === undefined ? await draw({ ...file, plan: first }) : null;
  const encodings = new Map<number, Uint8Array<ArrayBuffer>>();
  const encode = async (index: number) => {
    const job = { ...file, plan: plans[index] ?? first };
    const bytes = encodings.get(index) ?? (await (drawn === null ? render(job) : encodeDrawn(job, drawn)));
    encodings.set(index, bytes);
    return bytes;
  };
  const passes = judge(aim, drawn);
  const beyond = await firstWhere(plans.length, async (index) => passes(await encode(index)));
  const index = aim.kind === 'bytes' ? Math.max(0, beyond - 1) : Math.min(plans.length - 1, beyond);
  return { index, bytes: await encode(index) };
}

type Judge = (bytes: Uint8Array) => boolean | Promise<boolean>;

/** Returns the test that bisection looks for: too many bytes, or similar enough. */
function judge(aim: QualityAim, drawn: Drawn | null): Judge {
  if (aim.kind === 'bytes') return (bytes) => bytes.byteLength > aim.most;
  if (drawn === null) throw new TypeError('Expected a picture whose pixels are known to hold encodings against');
  allowOwnBytes();
  const original = lumaOf(drawn.picture);
  return async (bytes) => {
    const decoded = await settleRaw(sharp(bytes).toColourspace('srgb'));
    return ssim(original, lumaOf(decoded)) >= aim.target;
  };
}

/** Smallest index from which a condition holds; `count` if it never does. */
async function firstWhere(count: number, isTrue: (index: number) => Promise<boolean>): Promise<number> {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (await isTrue(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
