import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Running, startTintype, withToken } from '../support/tintype.ts';

let server: Running;
beforeAll(async () => {
  server = await startTintype({ TINTYPE_WORKERS: 'none' });
});
afterAll(() => server.close());

const print = async (provider: string, origin: string) => {
  const answer = await server.get(`/cdn/${provider}?origin=${origin}`, withToken);
  return { status: answer.status, text: await answer.text() };
};

it('Varnish and nginx are given every node, and go on at another where one fails', async () => {
  const nodes = 'http://one:3000,http://two:3001,http://[::1]';
  const varnish = await print('varnish', nodes);
  expect(varnish.text.match(/\.host = "[^"]+"/g)).toEqual(['.host = "one"', '.host = "two"', '.host = "::1"']);
  expect(varnish.text.match(/\.url = "\/readyz"/g)).toHaveLength(3);
  expect(varnish.text.match(/return \(retry\)/g)).toHaveLength(2);
  const nginx = await print('nginx', nodes);
  expect(nginx.text.match(/ {2}server (\S+)/g)).toEqual([
    '  server one:3000',
    '  server two:3001',
    '  server [::1]:80',
  ]);
  expect(nginx.text).toContain('proxy_next_upstream error timeout http_502 http_503;');
});

it.each([
  ['cloudfront', 'http://one,http://two', 'Expected one origin for cloudfront but received 2'],
  ['varnish', 'http://one,https://two', 'Expected origins that all begin with http:// or all with https://'],
  ['nginx', 'http://one,', 'Expected origin as http(s)://host[:port] but received'],
])('%s for %s is refused', async (provider, origin, sentence) => {
  const { status, text } = await print(provider, origin);
  expect([status, JSON.parse(text).detail]).toEqual([400, expect.stringContaining(sentence)]);
});
