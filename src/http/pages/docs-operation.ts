import { failures } from '../../errors.ts';
import { type Content, type OperationDoc, type ResponseDoc, requestFields } from '../message/operation-docs.ts';
import type { Auth, Route } from '../message/route.ts';
import { join, type Markup, markup, prose, table } from './markup.ts';

const whos: Readonly<Record<Auth, string>> = {
  public: 'everybody',
  signature: 'everybody; where signing keys are set, whoever has a signed URL',
  'signature or read':
    'everybody; where signing keys are set, whoever has a signed URL or a token with the scope `read`',
  read: 'a token with the scope `read`',
  write: 'a token with the scope `write`',
  purge: 'a token with the scope `purge`',
};

/** What callers are told of a route. */
export function docsOperation({ methods, path, auth, doc }: Route): Markup {
  const paths = doc.paths ?? [path.replaceAll(/:(\w+)/g, '{$1}')];
  const title = `${methods.join(', ')} ${paths.join(' or ')}`;
  return markup`<article aria-label="${title}"><h3><code>${title}</code></h3>
<p>${prose(doc.summary)}${doc.description === undefined ? '' : markup` ${prose(doc.description)}`}</p>
<p class="quiet">For ${prose(whos[auth])}.</p>
${inputs(title, doc)}
${answers(title, doc)}
</article>`;
}

function inputs(title: string, { query = {}, requestHeaders = [], body }: OperationDoc): Markup {
  const rows = [
    ...Object.entries(query).map(([name, { description }]) => [markup`<code>?${name}</code>`, prose(description)]),
    ...requestHeaders.map((name) => [markup`<code>${name}</code>`, prose(requestFields[name])]),
    ...(body === undefined ? [] : [[markup`body`, markup`${prose(body.means)} ${contentOf(body)}`]]),
  ];
  return rows.length === 0 ? markup`` : table(`What ${title} takes`, ['takes', 'which is'], rows);
}

function answers(title: string, { responses: told, errors }: OperationDoc): Markup {
  const good = Object.entries(told).map(([status, answer]) => [markup`${status}`, answerOf(answer)]);
  const bad = errors.map((kind) => {
    const { status, title: says } = failures[kind];
    return [markup`${status}`, markup`<code>${kind}</code>: ${says}.`];
  });
  return table(`What ${title} answers`, ['answers', 'which is'], [...good, ...bad]);
}

function answerOf({ description, content, headers = [] }: ResponseDoc): Markup {
  const named = headers.map((field) => markup` <code>${field}</code>`);
  return markup`${prose(description)} ${content === undefined ? '' : contentOf(content)}${join(named)}`;
}

/** Media types, the shape by its name, and an example where there is one. */
function contentOf({ types, schema, example }: Content): Markup {
  const reference = schema?.['$ref'];
  const name = typeof reference === 'string' ? /\w+$/.exec(reference)?.[0] : undefined;
  const shape = name === undefined ? '' : markup` <a href="#shape-${name}">${name}</a>`;
  const shown = example === undefined ? '' : markup`, such as <code>${JSON.stringify(example)}</code>`;
  return markup`<code>${types.join(', ')}</code>${shape}${shown}`;
}
