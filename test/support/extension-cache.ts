import type { Running } from './tintype.ts';

/** What Cloudflare keeps without any rule (developers.cloudflare.com/cache/concepts/default-cache-behavior): pictures among it. */
const kept = /\.(?:avif|bmp|gif|ico|jpg|jpeg|pict|png|svg|svgz|tif|tiff|webp)$/i;

/** A cache that goes by file extensions and does not look at Vary, as Cloudflare's is without rules. */
export function extensionCache(server: Pick<Running, 'get'>) {
  const store = new Map<string, { readonly bytes: ArrayBuffer; readonly type: string }>();
  return {
    /** Whether the URL is one that is kept at all. */
    keeps: (path: string) => kept.test(path.split('?')[0] ?? ''),
    get: async (path: string, accept: string) => {
      const held = store.get(path);
      if (held !== undefined) return { ...held, hit: true };
      const answer = await server.get(path, { accept });
      const bytes = await answer.arrayBuffer();
      const got = { bytes, type: answer.headers.get('content-type') ?? '' };
      const isPublic = /public/.test(answer.headers.get('cache-control') ?? '');
      if (kept.test(path) && isPublic && answer.status === 200) store.set(path, got);
      return { ...got, hit: false };
    },
  };
}
