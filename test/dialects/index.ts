import { cloudflare } from './cloudflare.ts';
import { cloudinary } from './cloudinary.ts';
import { imgix } from './imgix.ts';
import { imgproxy } from './imgproxy.ts';
import { ipx } from './ipx.ts';
import { next } from './next.ts';
import type { Proof } from './proof.ts';
import { thumbor } from './thumbor.ts';

/** A table for every dialect of the catalogue. */
export const proofs: readonly Proof[] = [cloudflare, cloudinary, imgix, imgproxy, ipx, next, thumbor];
