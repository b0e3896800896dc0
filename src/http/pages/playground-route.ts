import { readFile } from 'node:fs/promises';
import { Failure } from '../../errors.ts';
import type { OperationDoc } from '../message/operation-docs.ts';
import { type HttpContext, type Operation, requestTarget } from '../message/route.ts';
import { describeEffects, describeFormats, describeWords } from '../openapi/catalogue.ts';
import { givePage, type PageFile, packed, pageAnswers, policyOf } from './page-file.ts';

export interface Playground {
  /** `GET /` */
  readonly page: Operation;
  /** `GET /playground/:file` */
  readonly file: Operation;
}

export interface PlaygroundOptions {
  /** Whether the page hides what writes. */
  readonly readOnly: boolean;
  /** Whether a source can be listed. */
  readonly hasSource: boolean;
  /** Name → components. */
  readonly presets: Readonly<Record<string, string>>;
}

/** The same place from the sources and from what they are built into. */
const folder = new URL('../../web/', import.meta.url);

const style = 'text/css; charset=utf-8';
const script = 'text/javascript; charset=utf-8';

/** Everything the page is made of; what is not here is not served. */
const mediaTypes: Readonly<Record<string, string>> = {
  'index.html': 'text/html; charset=utf-8',
  'base.css': style,
  'controls.css': style,
  'dialogs.css': style,
  'docs.css': style,
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

/** Pictures that were fetched are shown as blobs. */
const policy = policyOf([
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "require-trusted-types-for 'script'",
]);

const doc: OperationDoc = {
  summary: 'The playground: a page to try everything on.',
  description: 'Nothing of it is loaded from elsewhere. `catalogue.json` is what its controls are made from.',
  requestHeaders: ['If-None-Match'],
  responses: pageAnswers('A file of it.', [
    'text/html',
    'text/css',
    'text/javascript',
    'image/svg+xml',
    'application/json',
  ]),
  errors: ['no-route'],
};

/** The page, and the files it is made of; each is read and packed once. */
export function openPlayground({ readOnly, hasSource, presets }: PlaygroundOptions): Playground {
  const made = new Map<string, PageFile>();
  const catalogue = () =>
    JSON.stringify({
      readOnly,
      hasSource,
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
    return givePage(context, file, policy);
  };
  return {
    page: { doc: { ...doc, errors: [] }, handle: (context) => give(context, 'index.html') },
    file: { doc, handle: (context) => give(context, nameIn(context)) },
  };
}

/** Throws `no-route` for what is not of the page. */
function nameIn(context: HttpContext): string {
  const name = requestTarget(context).path.slice('/playground/'.length);
  if (name === 'catalogue.json' || Object.hasOwn(mediaTypes, name)) return name;
  throw new Failure('no-route', 'No such file of the playground');
}
