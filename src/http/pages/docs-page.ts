import { failures } from '../../errors.ts';
import { responseFields } from '../message/operation-docs.ts';
import type { Route } from '../message/route.ts';
import { describeEffects, describeFormats, describeWords } from '../openapi/catalogue.ts';
import { schemas } from '../openapi/schemas.ts';
import { docsOperation } from './docs-operation.ts';
import { join, type Markup, markup, prose, table } from './markup.ts';

/** What a page of reference tells of. */
export interface DocsPageOptions {
  readonly routes: readonly Route[];
  readonly version: string;
  /** Name → components. */
  readonly presets: Readonly<Record<string, string>>;
}

const code = (text: string): Markup => markup`<code>${text}</code>`;

function words(): Markup {
  const rows = describeWords().map(({ key, meaning, values, fallback }) => {
    return [code(`${key}_`), prose(meaning), prose(values), prose(fallback)];
  });
  return table('Words', ['word', 'what it does', 'values', 'without it'], rows);
}

function effects(): Markup {
  const rows = describeEffects().map(({ name, meaning, values, fallback }) => {
    return [code(`e_${name}`), prose(meaning), prose(values === '' ? 'none' : values), prose(fallback ?? '–')];
  });
  return table('Effects', ['effect', 'what it does', 'values', 'the bare name stands for'], rows);
}

function formats(): Markup {
  const rows = describeFormats().map(({ name, mediaType, quality, alpha, maxSide }) => {
    return [code(`f_${name}`), code(mediaType), prose(quality), prose(alpha ? 'yes' : 'no'), prose(String(maxSide))];
  });
  return table('Formats', ['format', 'media type', 'quality', 'alpha', 'longest side'], rows);
}

function presets(named: DocsPageOptions['presets']): Markup {
  const rows = Object.entries(named).map(([name, components]) => [code(name), code(components)]);
  return table('Presets', ['preset', 'stands for'], rows);
}

function refusals(): Markup {
  const rows = Object.entries(failures).map(([name, { status, title, cacheControl }]) => {
    return [code(name), prose(String(status)), prose(title), code(cacheControl)];
  });
  return table('Refusals', ['code', 'status', 'what it says', 'how long caches may keep it'], rows);
}

function fields(): Markup {
  const rows = Object.entries(responseFields).map(([name, means]) => [code(name), prose(means)]);
  return table('Header fields', ['field', 'what it says'], rows);
}

function shapes(): Markup {
  const each = Object.entries(schemas).map(([name, schema]) => {
    const printed = JSON.stringify(schema, null, 2);
    return markup`<details id="shape-${name}"><summary>${name}</summary><pre tabindex="0">${printed}</pre></details>`;
  });
  return join(each);
}

const sections = ['Words', 'Effects', 'Formats', 'Presets', 'Requests', 'Refusals', 'Header fields', 'Shapes'] as const;
const anchorOf = (title: string) => title.toLowerCase().replace(' ', '-');

/** The whole page. */
export function docsPage({ routes, version, presets: named }: DocsPageOptions): string {
  const bodies: Readonly<Record<(typeof sections)[number], Markup>> = {
    Words: words(),
    Effects: effects(),
    Formats: formats(),
    Presets: presets(named),
    Requests: join(routes.filter(({ doc }) => doc.paths?.length !== 0).map(docsOperation)),
    Refusals: refusals(),
    'Header fields': fields(),
    Shapes: shapes(),
  };
  const entries = sections.map((title) => markup`<li><a href="#${anchorOf(title)}">${title}</a></li>`);
  const parts = sections.map((title) => {
    const anchor = anchorOf(title);
    return markup`<section aria-labelledby="${anchor}"><h2 id="${anchor}">${title}</h2>\n${bodies[title]}</section>`;
  });
  return String(markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Tintype reference</title>
<link rel="icon" href="/playground/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/playground/base.css">
<link rel="stylesheet" href="/playground/docs.css">
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header><h1><img src="/playground/icon.svg" alt="" width="28" height="28">Tintype reference</h1>
<p>Version ${version}, as this server is configured. <a href="/">Try everything</a> · <a href="/openapi.json">OpenAPI</a></p>
<nav aria-label="Sections"><ul>${entries}</ul></nav></header>
<main id="content" tabindex="-1">
<p>An image is <code>/img/{id}[/{component}…][/{name}.{ext}]</code>: a component is words joined by commas, a word is <code>key_value</code>
or the name of a preset. Words of a component stand in any order; components apply from left to right. An extension at the end asks for
that format. What is not understood is refused, and every mistake is named.</p>
${join(parts)}
</main>
</body>
</html>
`);
}
