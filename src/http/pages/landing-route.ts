import { createHash } from 'node:crypto';
import { Failure } from '../../errors.ts';
import type { Operation } from '../message/route.ts';
import { markup } from './markup.ts';
import { givePage, type PageFile, packed, pageAnswers, policyOf } from './page-file.ts';

/** What the landing page shows. */
export interface LandingOptions {
  readonly version: string;
  /** Path of the sample's picture; null where there is no sample. */
  readonly samplePath: string | null;
}

const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem}
img{max-width:100%;height:auto}code{font-size:.9em}:root{color-scheme:light dark}`;
const styleHash = createHash('sha256').update(style).digest('base64');
/** It has no script, and its one style is named by its hash. */
const policy = policyOf([`style-src 'sha256-${styleHash}'`, "img-src 'self'"]);

const storing = 'curl -T photo.jpg -H "Authorization: Bearer $TINTYPE_TOKEN" http://…/originals/photo';

function pageOf({ version, samplePath }: LandingOptions): string {
  const sample =
    samplePath === null
      ? ''
      : markup`<p><a href="${samplePath}"><img src="${samplePath}" alt="The sample picture, a mountain lake at sunset"></a></p>
<p>This picture is <code>${samplePath}</code>.</p>`;
  return markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Tintype</title><style>${style}</style></head><body>
<h1>Tintype ${version}</h1>
<p>This server resizes, crops and converts pictures on demand. A URL such as
<code>/img/photo/w_400,f_webp</code> names an original and what to do with it.</p>
${sample}
<h2>Store a picture</h2>
<p><code>${storing}</code></p>
<h2>Open the playground</h2>
<p>The playground is off, since this server listens beyond its own machine.
<code>TINTYPE_PLAYGROUND=read-only</code> opens it without what writes, <code>true</code> opens all of it,
and <code>false</code> removes this page.</p>
<p>For programs: <a href="/openapi.json">the OpenAPI document</a>.</p>
</body></html>
`.toString();
}

/** `GET /` where the playground is off: what this server is, and how to open the playground. */
export function getLanding(options: LandingOptions): Operation {
  let made: Promise<PageFile> | null = null;
  return {
    doc: {
      summary: 'A page that says what this server is and how to open the playground.',
      description: 'Nothing of it is loaded from elsewhere, and it has no script.',
      requestHeaders: ['If-None-Match'],
      responses: pageAnswers('The page.', ['text/html']),
      errors: [],
    },
    handle: async (context) => {
      made ??= packed(Buffer.from(pageOf(options)), 'text/html; charset=utf-8');
      return givePage(context, await made, policy);
    },
  };
}

/** Pages that are off: a 404 that names the switch. OpenAPI does not list them. */
export function closedPage(): Operation {
  return {
    doc: { summary: 'Closed; see TINTYPE_PLAYGROUND.', paths: [], responses: {}, errors: ['no-route'] },
    handle: () => {
      throw new Failure('no-route', 'The playground and its pages are off; set TINTYPE_PLAYGROUND=true to open them');
    },
  };
}
