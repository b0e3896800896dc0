import { createHash } from 'node:crypto';
import { type FailureKind, failures } from '../../errors.ts';
import { keys, parameters } from '../../transform/params/index.ts';
import { isFresh } from '../message/conditional.ts';
import {
  type Content,
  type OperationDoc,
  type RequestField,
  type ResponseDoc,
  type ResponseField,
  requestFields,
  responseFields,
  type Schema,
} from '../message/operation-docs.ts';
import type { Auth, Operation, Route } from '../message/route.ts';
import { describeEffects, describeFormats, describeWords } from './catalogue.ts';
import { schemas } from './schemas.ts';

/** What differs from server to server. */
export interface DocumentOptions {
  readonly version: string;
  /** Name → components. */
  readonly presets: Readonly<Record<string, string>>;
}

/** Methods that OpenAPI 3.1 has a place for. */
const described = ['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE'] as const;

/** The OpenAPI 3.1 document of a route table and the catalogues. */
export function describeRoutes(routes: readonly Route[], { version, presets }: DocumentOptions): Schema {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    for (const path of pathsOf(route)) paths[path] = { ...paths[path], ...operationsOf(route, path) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Tintype',
      version,
      summary: 'An on-demand image transformation proxy: the origin that stands behind a CDN.',
      description:
        'Errors are `application/problem+json` (RFC 9457). Every path answers OPTIONS with its methods, others with 405 and Allow. Pages of any origin may use upload tokens and read what needs no token (CORS); origins of TINTYPE_CORS may use the other routes with a token. Bad request lines, header fields that are too big (431) and clients that are too slow (408) are refused below the routes; a request of our own that comes back by way of another server is a 508. `PURGE` on an image path is `DELETE`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: { ...schemas, Transform: transformSchema(presets) },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'A token with the scope read, write or purge.' },
      },
    },
    'x-words': describeWords(),
    'x-effects': describeEffects(),
    'x-formats': describeFormats(),
    'x-presets': presets,
    'x-failures': failures,
  };
}

function transformSchema(presets: Readonly<Record<string, string>>): Schema {
  const words = keys.map((key) => `- \`${key}_\`: ${parameters[key].meaning} ${parameters[key].values}.`);
  const named = Object.entries(presets).map(([name, components]) => `- \`${name}\` = \`${components}\``);
  return {
    type: 'string',
    description: [
      'Words joined by commas; components of words joined by slashes; at the end, if you like, a file name whose extension asks for a format.',
      ...words,
      'Presets:',
      ...named,
    ].join('\n'),
    examples: ['w_400,f_webp', 'c_fill,g_auto,h_300,w_300/cat.webp'],
  };
}

function pathsOf({ path, doc }: Route): readonly string[] {
  return doc.paths ?? [path.replaceAll(/:(\w+)/g, '{$1}')];
}

function operationsOf(route: Route, path: string): Record<string, unknown> {
  const methods = described.filter((method) => route.methods.includes(method));
  return Object.fromEntries(methods.map((method) => [method.toLowerCase(), operation(route, path, method)]));
}

function operation({ doc, auth }: Route, path: string, method: string): Schema {
  const { summary, description, body } = doc;
  return {
    operationId: `${method.toLowerCase()}${path.replaceAll(/[{}]/g, '').replaceAll(/[/.](\w?)/g, (_all, letter: string) => letter.toUpperCase())}`,
    summary,
    ...(description === undefined ? {} : { description }),
    ...securityOf(auth),
    parameters: [...pathParameters(path), ...queryParameters(doc), ...(doc.requestHeaders ?? []).map(fieldParameter)],
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, description: body.means, content: contentOf(body) } }),
    responses: responses(doc, refusalsOf(auth), method),
  };
}

/** A signature is a part of the path: no scheme of OpenAPI's. */
function securityOf(who: Auth): Schema {
  if (who === 'public' || who === 'signature') return {};
  return { security: who === 'signature or read' ? [{}, { token: ['read'] }] : [{ token: [who] }] };
}

function refusalsOf(who: Auth): readonly FailureKind[] {
  if (who === 'public') return [];
  return who === 'signature' || who === 'signature or read' ? ['forbidden'] : ['unauthorized', 'over-budget'];
}

const pathSchemas: Readonly<Record<string, Schema>> & { readonly transform: Schema } = {
  id: { schema: { $ref: '#/components/schemas/Id' }, example: 'cat' },
  /** A peer's, as it is sent. */
  url: { schema: { type: 'string' } },
  transform: { schema: { $ref: '#/components/schemas/Transform' }, example: 'w_400,f_webp' },
};

function pathParameters(path: string): readonly Schema[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    ...(pathSchemas[name ?? ''] ?? pathSchemas.transform),
  }));
}

function queryParameters({ query = {} }: OperationDoc): readonly Schema[] {
  return Object.entries(query).map(([name, { schema, description }]) => ({ name, in: 'query', description, schema }));
}

function fieldParameter(name: RequestField): Schema {
  return { name, in: 'header', description: requestFields[name], schema: { type: 'string' } };
}

function responses(doc: OperationDoc, always: readonly FailureKind[], method: string): Schema {
  const answers = Object.entries(doc.responses).map(([status, answer]) => [status, response(answer, method)]);
  // Whoever needs the store may find no file descriptor left.
  const scarce = doc.errors.includes('store-unreachable') ? (['overloaded'] as const) : [];
  const kinds = [...new Set([...always, ...doc.errors, ...scarce, 'internal' as const])];
  const statuses = [...new Set(kinds.map((kind) => failures[kind].status))];
  const refusals = statuses.map((status) => {
    const same = kinds.filter((kind) => failures[kind].status === status);
    const told = Object.hasOwn(doc.responses, status) ? [doc.responses[status]] : [];
    return [String(status), refusal(same, told, method)];
  });
  return Object.fromEntries([...answers, ...refusals]);
}

function response({ description, headers = [], content }: ResponseDoc, method: string): Schema {
  return {
    description,
    ...(headers.length === 0 ? {} : { headers: fieldsOf(headers) }),
    ...(content === undefined || method === 'HEAD' ? {} : { content: contentOf(content) }),
  };
}

function fieldsOf(fields: readonly ResponseField[]): Schema {
  return Object.fromEntries(
    fields.map((name) => [name, { description: responseFields[name], schema: { type: 'string' } }]),
  );
}

/** `beside`: what else has this status, such as a picture that stands in for a missing one. */
function refusal(kinds: readonly FailureKind[], beside: readonly (ResponseDoc | undefined)[], method: string): Schema {
  const told = kinds.map((kind) => `\`${kind}\`: ${failures[kind].title} (\`${failures[kind].cacheControl}\`).`);
  const other = beside.flatMap((answer) => answer ?? []);
  const fields: readonly ResponseField[] = [
    'Cache-Control',
    ...(kinds.includes('unauthorized') ? (['WWW-Authenticate'] as const) : []),
    ...(kinds.includes('overloaded') || kinds.includes('over-budget') ? (['Retry-After'] as const) : []),
    ...(kinds.includes('over-budget') ? (['RateLimit', 'RateLimit-Policy'] as const) : []),
    ...(kinds.includes('missing-layer') ? (['Cache-Tag', 'Surrogate-Key'] as const) : []),
    ...(kinds.includes('no-such-range') ? (['Content-Range'] as const) : []),
    ...other.flatMap((answer) => answer.headers ?? []),
  ];
  const content = Object.assign({}, problemContent, ...other.map(({ content }) => content && contentOf(content)));
  return {
    description: [...told, ...other.map(({ description }) => description)].join(' '),
    headers: fieldsOf([...new Set(fields)]),
    ...(method === 'HEAD' ? {} : { content }),
    'x-codes': kinds,
  };
}

const problemContent = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };

function contentOf({ types, schema, example }: Content): Schema {
  const content = { ...(schema === null ? {} : { schema }), ...(example === undefined ? {} : { example }) };
  return Object.fromEntries(types.map((type) => [type, content]));
}

/** `GET /openapi.json` */
export function getOpenapi(document: () => Schema): Operation {
  let made: { readonly text: string; readonly etag: string } | null = null;
  return {
    doc: {
      summary: 'This document.',
      requestHeaders: ['If-None-Match'],
      responses: {
        200: {
          description: 'OpenAPI 3.1.',
          headers: ['ETag', 'Cache-Control'],
          content: { types: ['application/json'], schema: { type: 'object' } },
        },
        304: { description: 'The client has it.', headers: ['ETag', 'Cache-Control'] },
      },
      errors: [],
    },
    handle: (context) => {
      made ??= print(document());
      const headers = {
        ETag: made.etag,
        'Cache-Control': 'public, max-age=300',
        'X-Content-Type-Options': 'nosniff',
      };
      if (isFresh(context.req.header('if-none-match'), made.etag)) return new Response(null, { status: 304, headers });
      return new Response(made.text, { headers: { ...headers, 'Content-Type': 'application/json' } });
    },
  };
}

function print(document: Schema) {
  const text = JSON.stringify(document);
  return { text, etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"` };
}
