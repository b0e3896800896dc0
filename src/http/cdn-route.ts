import { type CdnSettings } from '../cdn/cdn.ts';
import { cdnFiles } from '../cdn/index.ts';
import { cut, Failure } from '../errors.ts';
import { queryOf } from './json.ts';
import { type HttpContext, type Operation, targetOf } from './route.ts';
import type { Tells } from './tells.ts';

const names = Object.keys(cdnFiles);

const tells: Tells = {
  does: 'The configuration of a CDN that fits the settings of this server, as a file to load.',
  notes: `One of ${names.join(', ')}.`,
  query: {
    origin: {
      schema: { type: 'string', format: 'uri' },
      means: 'Where the CDN finds this server; else where it was asked.',
    },
  },
  answers: { 200: { means: 'The file.', content: { types: ['text/plain'], schema: { type: 'string' } } } },
  refuses: ['bad-request', 'no-route'],
};

/** `GET /cdn/:provider` */
export function getCdn(settings: Omit<CdnSettings, 'origin'>): Operation {
  return {
    tells,
    handle: (context) => {
      const name = targetOf(context).path.slice('/cdn/'.length);
      const file = Object.hasOwn(cdnFiles, name) ? cdnFiles[name] : undefined;
      if (file === undefined)
        throw new Failure('no-route', `Expected one of ${names.join(', ')} but received "${cut(name)}"`);
      const origin = originIn(queryOf(context, ['origin']).get('origin') ?? listeningAddress(context));
      return new Response(file({ ...settings, origin }), {
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

/** A host that may stand in any of the files as it is. */
function originIn(text: string): CdnSettings['origin'] {
  const url =
    /^https?:\/\/(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::\d{1,5})?\/?$/.test(text) && URL.canParse(text)
      ? new URL(text)
      : null;
  if (url === null) {
    throw new Failure('bad-request', `Expected origin as http(s)://host[:port] but received "${cut(text)}"`);
  }
  const secure = url.protocol === 'https:';
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  return { secure, host: url.hostname.replace(/^\[|\]$/g, ''), port };
}
