import type { CdnOrigin, CdnSettings } from '../../cdn/cdn.ts';
import { cdnFiles, manyOrigins } from '../../cdn/index.ts';
import { Failure, shorten } from '../../errors.ts';
import { readQuery } from '../message/json.ts';
import type { OperationDoc } from '../message/operation-docs.ts';
import { type HttpContext, type Operation, requestTarget } from '../message/route.ts';

const names = Object.keys(cdnFiles);

const doc: OperationDoc = {
  summary: 'The configuration of a CDN that fits the settings of this server, as a file to load.',
  description: `One of ${names.join(', ')}.`,
  query: {
    origin: {
      schema: { type: 'string' },
      description: `Where the CDN finds this server; else where it was asked. For ${manyOrigins.join(' and ')} also several nodes, joined by commas: where one fails another is asked.`,
    },
  },
  responses: { 200: { description: 'The file.', content: { types: ['text/plain'], schema: { type: 'string' } } } },
  errors: ['bad-request', 'no-route'],
};

/** `GET /cdn/:provider` */
export function getCdn(settings: Omit<CdnSettings, 'origin' | 'others'>): Operation {
  return {
    doc,
    handle: (context) => {
      const name = requestTarget(context).path.slice('/cdn/'.length);
      const file = Object.hasOwn(cdnFiles, name) ? cdnFiles[name] : undefined;
      if (file === undefined)
        throw new Failure('no-route', `Expected one of ${names.join(', ')} but received "${shorten(name)}"`);
      const [origin, ...others] = originsIn(readQuery(context, ['origin']).get('origin') ?? listeningAddress(context));
      if (others.length > 0 && !manyOrigins.includes(name)) {
        throw new Failure('bad-request', `Expected one origin for ${name} but received ${others.length + 1}`);
      }
      return new Response(file({ ...settings, origin, others }), {
        headers: {
          'Content-Type': 'text/plain; charset=utf-8',
          'Cache-Control': 'no-store',
          'X-Content-Type-Options': 'nosniff',
        },
      });
    },
  };
}

function listeningAddress({ env }: HttpContext): string {
  const { localAddress = '127.0.0.1', localPort = 80 } = env?.incoming?.socket ?? {};
  const address = localAddress.replace(/^::ffff:/, '');
  return `http://${address.includes(':') ? `[${address}]` : address}:${localPort}`;
}

/** One or several, all by TLS or none. */
function originsIn(text: string): readonly [CdnOrigin, ...CdnOrigin[]] {
  const [first = '', ...more] = text.split(',');
  const origin = originIn(first);
  const others = more.map(originIn);
  if (others.every(({ secure }) => secure === origin.secure)) return [origin, ...others];
  throw new Failure('bad-request', 'Expected origins that all begin with http:// or all with https://');
}

/** A host that may stand in any of the files as it is. */
function originIn(text: string): CdnOrigin {
  const url =
    /^https?:\/\/(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::\d{1,5})?\/?$/.test(text) && URL.canParse(text)
      ? new URL(text)
      : null;
  if (url === null) {
    throw new Failure('bad-request', `Expected origin as http(s)://host[:port] but received "${shorten(text)}"`);
  }
  const secure = url.protocol === 'https:';
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  return { secure, host: url.hostname.replace(/^\[|\]$/g, ''), port };
}
