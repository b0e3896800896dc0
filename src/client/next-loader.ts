'use client';
import { type NextImage, nextLoader } from './next.ts';

/** Next puts the value in the place of this expression when it builds; there is no `process` in a browser. */
declare const process: { readonly env: { readonly NEXT_PUBLIC_TINTYPE_URL?: string } };

const load = nextLoader({ base: process.env.NEXT_PUBLIC_TINTYPE_URL });

/**
 * The loader as a file: `images: { loader: 'custom', loaderFile: './node_modules/tintype/dist/client/next-loader.js' }`,
 * with Tintype's address, or its CDN's, in NEXT_PUBLIC_TINTYPE_URL.
 */
export default function loader(image: NextImage): string {
  return load(image);
}
