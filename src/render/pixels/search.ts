import sharp from 'sharp';
import type { QualityAim } from '../../transform/transform.ts';
import { allowOwnBytes } from '../sharp-setup.ts';
import { settleRaw } from '../steps/raw.ts';
import { type Drawn, draw, encodeDrawn, type RenderJobs, render } from './render.ts';
import { lumaOf, ssim } from './ssim.ts';

/** A quality to be found: the plans differ in nothing else, the lowest first. */
export interface SearchJob extends RenderJobs {
  readonly aim: QualityAim;
}

export interface SearchResult {
  /** Which of the plans. */
  readonly index: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Finds the plan by bisection, from one decode. For `bytes` the last one that fits, or the first where none does; for
 * `likeness` the first one that is good enough, or the last where none is. Depends on nothing but the job.
 */
export async function search({ plans, aim, ...file }: SearchJob): Promise<SearchResult> {
  const [first] = plans;
  if (first === undefined) throw new TypeError('Expected plans to choose from');
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

/** Whether an encoding lies beyond the border that is looked for. */
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

/** The least index at which something that stays true begins to be; `count` where it never is. */
async function firstWhere(count: number, isTrue: (index: number) => Promise<boolean>): Promise<number> {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (await isTrue(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
