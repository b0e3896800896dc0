import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Failure } from '../errors.ts';
import { describeEffects, describeFormats, describeWords } from './catalogue.ts';
import { isFresh } from './conditional.ts';
import { type HttpContext, type Operation, targetOf } from './route.ts';
import type { Tells } from './tells.ts';

export interface Playground {
  /** `GET /` */
  readonly page: Operation;
  /** `GET /playground/:file` */
  readonly file: Operation;
}

export interface PlaygroundParts {
  /** Whether the page hides what writes. */
  readonly readOnly: boolean;
  /** Name → components. */
  readonly presets: Readonly<Record<string, string>>;
}

/** The same place from the sources and from what they are built into. */
const folder = new URL('../web/', import.meta.url);

const style = 'text/css; charset=utf-8';
const script = 'text/javascript; charset=utf-8';

/** Everything the page is made of; what is not here is not served. */
const mediaTypes: Readonly<Record<string, string>> = {
  'index.html': 'text/html; charset=utf-8',
  'base.css': style,
  'controls.css': style,
  'dialogs.css': style,
  'narrow.css': style,
  'pictures.css': style,
  'icon.svg': 'image/svg+xml',
  'code.js': script,
  'controls.js': script,
  'effects.js': script,
  'elements.js': script,
  'fields.js': script,
  'gallery.js': script,
  'inspect.js': script,
  'likeness.js': script,
  'main.js': script,
  'preview.js': script,
  'server.js': script,
  'stage.js': script,
  'token.js': script,
  'upload.js': script,
  'words.js': script,
};

/** Nothing inline, nothing of another host, in nobody's frame; pictures that were fetched are shown as blobs. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

const tells: Tells = {
  does: 'The playground: a page to try everything on.',
  notes: 'Nothing of it is loaded from elsewhere. `catalogue.json` is what its controls are made from.',
  honours: ['If-None-Match'],
  answers: {
    200: {
      means: 'A file of it.',
      fields: ['ETag', 'Cache-Control'],
      content: {
        types: ['text/html', 'text/css', 'text/javascript', 'image/svg+xml', 'application/json'],
        schema: null,
      },
    },
    304: { means: 'The client has it.', fields: ['ETag', 'Cache-Control'] },
  },
  refuses: ['no-route'],
};

interface PageFile {
  readonly mediaType: string;
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly packed: Uint8Array<ArrayBuffer>;
  /** Weak: of what it says, however it is packed. */
  readonly etag: string;
}

/** The page, and the files it is made of; each is read and packed once. */
export function openPlayground({ readOnly, presets }: PlaygroundParts): Playground {
  const made = new Map<string, PageFile>();
  const catalogue = () =>
    JSON.stringify({
      readOnly,
      presets,
      words: describeWords(),
      effects: describeEffects(),
      formats: describeFormats(),
    });
  const make = async (name: string): Promise<PageFile> => {
    if (name === 'catalogue.json') return packed(Buffer.from(catalogue()), 'application/json');
    return packed(await readFile(new URL(name, folder)), mediaTypes[name] ?? 'application/octet-stream');
  };
  const give = async (context: HttpContext, name: string): Promise<Response> => {
    const file = made.get(name) ?? (await make(name));
    made.set(name, file);
    return answer(context, file);
  };
  return {
    page: { tells: { ...tells, refuses: [] }, handle: (context) => give(context, 'index.html') },
    file: { tells, handle: (context) => give(context, nameIn(context)) },
  };
}

/** Throws `no-route` for what is not of the page. */
function nameIn(context: HttpContext): string {
  const name = targetOf(context).path.slice('/playground/'.length);
  if (name === 'catalogue.json' || Object.hasOwn(mediaTypes, name)) return name;
  throw new Failure('no-route', 'No such file of the playground');
}

async function packed(plain: Buffer, mediaType: string): Promise<PageFile> {
  const hash = createHash('sha256').update(plain).digest('base64url').slice(0, 22);
  const small = await promisify(gzip)(plain, { level: 9 });
  return { mediaType, plain: new Uint8Array(plain), packed: new Uint8Array(small), etag: `W/"${hash}"` };
}

function answer(context: HttpContext, { mediaType, plain, packed, etag }: PageFile): Response {
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
