import { componentOf, type Operations } from './operations.ts';
import { idOf } from './source-id.ts';
import type { Component } from './spelling.ts';
import { url } from './url.ts';

/** Nuxt Image's names beside ours. */
export interface NuxtModifiers extends Operations {
  readonly fit?: keyof typeof modes | '' | undefined;
  readonly background?: string | undefined;
}

/** Nuxt Image's ways to fit, in our crop modes. */
const modes = { cover: 'fill', contain: 'pad', fill: 'scale', inside: 'limit', outside: 'mfit' } as const;

/**
 * A provider for Nuxt Image: `providers: { tintype: { provider: 'tintype/client/nuxt', options: { baseURL } } }`. `src` is
 * what `idOf` reads.
 */
export default function provider() {
  return {
    getImage(
      src: string,
      { modifiers = {}, baseURL }: { readonly modifiers?: NuxtModifiers; readonly baseURL?: string },
    ) {
      const { fit, background, ...operations } = modifiers;
      const words: Component = {
        ...(fit === undefined || fit === '' ? {} : { c: modes[fit] ?? fit }),
        // Nuxt's colours begin with #; whether what follows is one is seen by the server.
        ...(background === undefined ? {} : { b: background.replace('#', '') as Component['b'] }),
      };
      const options = { base: baseURL };
      return { url: url(idOf(src, options), componentOf({ ...operations, ...words }), options) };
    },
  };
}
