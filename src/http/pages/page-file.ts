import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { isFresh } from '../message/conditional.ts';
import type { ResponseDoc } from '../message/operation-docs.ts';
import type { HttpContext } from '../message/route.ts';

/** A file of a page for people, packed once. */
export interface PageFile {
  readonly mediaType: string;
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly packed: Uint8Array<ArrayBuffer>;
  /** Weak: of what it says, however it is packed. */
  readonly etag: string;
}

/** Nothing inline, nothing of another host, in nobody's frame; `more` are directives beside. */
export function policyOf(more: readonly string[]): string {
  const always = ["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"];
  return ["default-src 'none'", ...more, ...always].join('; ');
}

export async function packed(plain: Buffer, mediaType: string): Promise<PageFile> {
  const hash = createHash('sha256').update(plain).digest('base64url').slice(0, 22);
  const small = await promisify(gzip)(plain, { level: 9 });
  return { mediaType, plain: new Uint8Array(plain), packed: new Uint8Array(small), etag: `W/"${hash}"` };
}

/** The file in the form that the client takes, or 304. */
export function givePage(context: HttpContext, { mediaType, plain, packed, etag }: PageFile, policy: string): Response {
  const headers = {
    ETag: etag,
    'Cache-Control': 'no-cache',
    Vary: 'Accept-Encoding',
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
  };
  if (isFresh(context.req.header('if-none-match'), etag)) return new Response(null, { status: 304, headers });
  const isPacked = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:$|[\s,]))/i.test(context.req.header('accept-encoding') ?? '');
  const encoding: Readonly<Record<string, string>> = isPacked ? { 'Content-Encoding': 'gzip' } : {};
  const body = isPacked ? packed : plain;
  return new Response(body, {
    headers: { ...headers, ...encoding, 'Content-Type': mediaType, 'Content-Length': String(body.byteLength) },
  });
}

/** What `givePage` can answer. */
export function pageAnswers(means: string, types: readonly string[]): Readonly<Record<number, ResponseDoc>> {
  const fields = ['ETag', 'Cache-Control'] as const;
  return {
    200: { description: means, headers: fields, content: { types, schema: null } },
    304: { description: 'The client has it.', headers: fields },
  };
}
