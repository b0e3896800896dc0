import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, vi } from 'vitest';
import { cloudflareApi } from '../../src/purge/cloudflare.ts';
import { cloudFrontApi } from '../../src/purge/cloudfront.ts';
import { fastlyApi } from '../../src/purge/fastly.ts';
import { varnishApi } from '../../src/purge/varnish.ts';
import { webhookApi } from '../../src/purge/webhook.ts';
import { purgerContract, type Speaks } from './purger.ts';

const token = 'a-token-that-nobody-may-see';

/** What each provider's published API takes and answers; anything else it is sent is a 400. */
const providers: readonly Speaks[] = [
  {
    kind: 'cloudflare',
    mostKeys: 100,
    softens: false,
    saysWhen: true,
    secret: token,
    open: (endpoint) => cloudflareApi({ name: 'cloudflare', zone: 'z1', token, endpoint }),
    hear: ({ method, path, headers, body }) => {
      const isOurs = method === 'POST' && path === '/zones/z1/purge_cache';
      if (!isOurs || headers.authorization !== `Bearer ${token}`) return null;
      const { tags, purge_everything: all } = JSON.parse(body);
      return { keys: all === true ? 'everything' : tags, soft: false };
    },
    yes: { status: 200, body: '{"success":true,"errors":[],"messages":[],"result":{"id":"z1"}}' },
    no: { status: 200, body: '{"success":false,"errors":[{"code":1000,"message":"no"}]}' },
  },
  {
    kind: 'fastly',
    mostKeys: 256,
    softens: true,
    saysWhen: true,
    secret: token,
    open: (endpoint) => fastlyApi({ name: 'fastly', service: 's1', token, endpoint }),
    hear: ({ method, path, headers, body }) => {
      if (method !== 'POST' || headers['fastly-key'] !== token) return null;
      const soft = headers['fastly-soft-purge'] === '1';
      if (path === '/service/s1/purge_all') return soft ? null : { keys: 'everything', soft };
      return path === '/service/s1/purge' ? { keys: JSON.parse(body).surrogate_keys, soft } : null;
    },
    yes: { status: 200, body: '{"status":"ok"}' },
    no: { status: 403, body: '{"msg":"You do not have permission"}' },
  },
  {
    kind: 'cloudfront',
    mostKeys: 1000,
    softens: false,
    saysWhen: false,
    secret: token,
    open: (endpoint) => cloudFrontApi({ name: 'cloudfront', distribution: 'E1', endpoint }),
    hear: ({ method, path, headers, body }) => {
      const isOurs = method === 'POST' && /^\/20\d\d-\d\d-\d\d\/distribution\/E1\/invalidation$/.test(path);
      if (!isOurs || headers.authorization?.startsWith('AWS4-HMAC-SHA256 ') !== true) return null;
      const items = [...body.matchAll(/<Path>([^<]*)<\/Path>/g)].map(([, item = '']) => item);
      const isWhole = body.includes(`<Quantity>${items.length}</Quantity>`) && /<CallerReference>[^<]+</.test(body);
      if (!isWhole || items.length === 0) return null;
      if (items.join() === '/*') return { keys: 'everything', soft: false };
      return items.every((item) => item.startsWith('#'))
        ? { keys: items.map((item) => item.slice(1)), soft: false }
        : null;
    },
    yes: {
      status: 201,
      body: '<Invalidation xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>I1</Id><Status>InProgress</Status></Invalidation>',
    },
    no: {
      status: 403,
      body: '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>',
    },
  },
  {
    kind: 'varnish',
    mostKeys: 25,
    softens: true,
    saysWhen: true,
    secret: token,
    open: (endpoint) => varnishApi({ name: 'varnish', url: `${endpoint}/${token}` }),
    hear: ({ method, headers }) => {
      const keys = (headers['surrogate-key'] ?? '').split(' ');
      if (method !== 'PURGE' || keys[0] === '') return null;
      return { keys: keys[0] === 'tintype:every' ? 'everything' : keys, soft: headers['tintype-soft'] === '1' };
    },
    yes: { status: 200, body: '' },
    no: { status: 405, body: '' },
  },
  {
    kind: 'webhook',
    mostKeys: 1000,
    softens: true,
    saysWhen: true,
    secret: token,
    open: (endpoint) => webhookApi({ name: 'webhook', url: `${endpoint}/${token}`, secret: token }),
    hear: ({ method, headers, body }) => {
      const { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': signature } = headers;
      const right = createHmac('sha256', token).update(`${id}.${seconds}.${body}`).digest('base64');
      if (method !== 'POST' || signature !== `v1,${right}`) return null;
      const { type, data } = JSON.parse(body);
      if (type !== 'purge') return null;
      return { keys: data.everything ? 'everything' : data.keys, soft: data.soft };
    },
    yes: { status: 204, body: '' },
    no: { status: 410, body: '' },
  },
];

describe('Purgers', () => {
  beforeEach(() => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', token);
  });
  afterEach(() => vi.unstubAllEnvs());

  for (const provider of providers) purgerContract(provider);
});
