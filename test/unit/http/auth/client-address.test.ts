import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { ClientAddress } from '../../../../src/http/auth/client-address.ts';
import type { HttpContext } from '../../../../src/http/message/route.ts';

const clientAddress = new ClientAddress([
  { address: '127.0.0.1', prefix: 32 },
  { address: '10.0.0.0', prefix: 8 },
  { address: 'fd00::', prefix: 8 },
]);
const app = new Hono().get('/', (context: HttpContext) => context.text(clientAddress.of(context)));

async function clientOf(remoteAddress: string, forwarded: string | null): Promise<string> {
  const headers: Record<string, string> = forwarded === null ? {} : { 'x-forwarded-for': forwarded };
  const answer = await app.request('/', { headers }, { incoming: { socket: { remoteAddress } } });
  return answer.text();
}

describe('Behind proxies that are trusted, the client is the last address that none of them has:', () => {
  it.each([
    ['127.0.0.1', '4.4.4.4', '4.4.4.4'],
    ['127.0.0.1', '9.9.9.9, 4.4.4.4', '4.4.4.4'],
    ['127.0.0.1', '9.9.9.9, 4.4.4.4, 10.1.2.3', '4.4.4.4'],
    ['127.0.0.1', '9.9.9.9,4.4.4.4 ,10.1.2.3,  127.0.0.1', '4.4.4.4'],
    ['::ffff:10.0.0.7', '9.9.9.9, ::ffff:4.4.4.4', '4.4.4.4'],
    ['fd00::1', '9.9.9.9, 2001:db8:1:2:3::4', '2001:db8:1:2::/64'],
    ['127.0.0.1', '4.4.4.4, nonsense, 10.1.2.3', '10.1.2.3'],
    ['127.0.0.1', '10.1.2.3, 10.4.5.6', '10.1.2.3'],
    ['127.0.0.1', `9.9.9.9, ${Array.from({ length: 16 }, (_, hop) => `10.0.0.${hop}`).join(', ')}`, '10.0.0.0'],
    ['127.0.0.1', null, '127.0.0.1'],
    ['127.0.0.1', '', '127.0.0.1'],
  ])('%s says "%s": %s', async (remote, forwarded, client) => {
    expect(await clientOf(remote, forwarded)).toBe(client);
  });

  it('without a trusted proxy X-Forwarded-For says nothing', async () => {
    expect(await clientOf('5.5.5.5', '4.4.4.4')).toBe('5.5.5.5');
    expect(await clientOf('2001:db8::1', '4.4.4.4')).toBe('2001:db8:0:0::/64');
  });
});
