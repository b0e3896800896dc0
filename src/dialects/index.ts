import { cloudflare } from './cloudflare.ts';
import { cloudinary } from './cloudinary.ts';
import type { Dialect } from './dialect.ts';
import { imgix } from './imgix.ts';
import { imgproxy } from './imgproxy.ts';
import { ipx } from './ipx.ts';
import { next } from './next.ts';
import { thumbor } from './thumbor.ts';

/** The shelf: a new dialect is its file and its line here. */
export const dialects: readonly Dialect[] = [cloudflare, cloudinary, imgix, imgproxy, ipx, next, thumbor];

export function dialectOf(name: string): Dialect | null {
  return dialects.find((dialect) => dialect.name === name) ?? null;
}
