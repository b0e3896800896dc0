import { cloudflareDialect } from './cloudflare.ts';
import { cloudinaryDialect } from './cloudinary.ts';
import type { Dialect } from './dialect.ts';
import { imgixDialect } from './imgix.ts';
import { imgproxyDialect } from './imgproxy.ts';
import { ipxDialect } from './ipx.ts';
import { nextDialect } from './next.ts';
import { thumborDialect } from './thumbor.ts';

/** The shelf: a new dialect is its file and its line here. */
export const dialects: readonly Dialect[] = [
  cloudflareDialect,
  cloudinaryDialect,
  imgixDialect,
  imgproxyDialect,
  ipxDialect,
  nextDialect,
  thumborDialect,
];

export function dialectOf(name: string): Dialect | null {
  return dialects.find((dialect) => dialect.name === name) ?? null;
}
