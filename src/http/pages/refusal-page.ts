import { createHash } from 'node:crypto';
import { raw } from 'hono/html';
import { type Failure, failures } from '../../errors.ts';
import { join, markup } from './markup.ts';
import { policyOf } from './page-file.ts';

const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem}
code{overflow-wrap:anywhere}mark{background:#fd6;color:#000}
@media(prefers-color-scheme:dark){body{background:#181818;color:#eee}a{color:#8cf}}`;
const hash = createHash('sha256').update(style).digest('base64');

/** Nothing but the page's own style. */
export const refusalPolicy = policyOf([`style-src 'sha256-${hash}'`]);

/** A small page about a refused URL: the wrong part is marked, and the right URL is a link. */
export function refusalPage(failure: Failure, path: string, suggestion: string | null): string {
  const { status, title } = failures[failure.kind];
  const sentences =
    failure.mistakes.length === 0 ? [failure.message] : failure.mistakes.map(({ sentence }) => sentence);
  const link = suggestion === null ? '' : markup`<p>Try <a href="${suggestion}"><code>${suggestion}</code></a></p>`;
  return String(markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${status} ${title}</title>
<style>${raw(style)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p><code>${marked(path, failure)}</code></p>
${join(sentences.map((sentence) => markup`<p>${sentence}</p>`))}
${link}
</main>
</body>
</html>
`);
}

/** The path with its wrong parts marked. */
function marked(path: string, { mistakes }: Failure) {
  let end = 0;
  const parts = [...mistakes]
    .sort((a, b) => a.position - b.position)
    .flatMap(({ position, received }) => {
      if (position < end || position >= path.length) return [];
      const from = end;
      end = position + wrongLength(path.slice(position), received);
      return [markup`${path.slice(from, position)}<mark>${path.slice(position, end)}</mark>`];
    });
  return raw([...parts, markup`${path.slice(end)}`].join(''));
}

/** What was received as it stands in the path, or else up to the next comma or slash. */
function wrongLength(rest: string, received: string): number {
  return received !== '' && rest.startsWith(received) ? received.length : Math.max(1, rest.search(/[,/]|$/));
}
