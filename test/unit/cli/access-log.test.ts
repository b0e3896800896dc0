import { describe, expect, it } from 'vitest';
import { pathsIn, sampleOf } from '../../../src/cli/compare/access-log.ts';

const tab = '\t';

describe('The paths of an access log', () => {
  it.each([
    ['the combined format', '1.2.3.4 - - [21/Nov/2026:10:00:00 +0000] "GET /a/b.jpg?w=1 HTTP/1.1" 200 1 "-" "x \\" y"'],
    [
      'a load balancer',
      'h2 2026-11-21T10:00:00Z app/x 1.2.3.4:1 "GET https://example.com:443/a/b.jpg?w=1 HTTP/2.0" "x"',
    ],
    ['JSON of nginx', '{"remote":"::1","request_method":"GET","request_uri":"/a/b.jpg?w=1","status":200}'],
    ['JSON of nginx with the request line', '{"request":"GET /a/b.jpg?w=1 HTTP/1.1","status":"200"}'],
    ['JSON of Caddy', '{"level":"info","request":{"method":"GET","host":"x","uri":"/a/b.jpg?w=1"},"status":200}'],
    ['JSON of Traefik', '{"RequestMethod":"GET","RequestPath":"/a/b.jpg?w=1"}'],
    ['a URL', '  https://example.com/a/b.jpg?w=1\r'],
    ['a path', '/a/b.jpg?w=1'],
  ])('stand in a line of %s', (_what, line) => {
    expect(pathsIn(`${line}\n${line}`)).toEqual([{ path: '/a/b.jpg?w=1', hits: 2 }]);
  });

  it('stand in the columns that CloudFront names', () => {
    const fields = ['date', 'cs-method', 'cs(Host)', 'cs-uri-stem', 'sc-status', 'cs-uri-query'];
    const lines = [
      '#Version: 1.0',
      `#Fields: ${fields.join(' ')}`,
      ['2026-11-21', 'GET', 'x', '/a.jpg', '200', '-'].join(tab),
      ['2026-11-21', 'GET', 'x', '/a.jpg', '200', 'w=1'].join(tab),
      ['2026-11-21', 'POST', 'x', '/upload', '200', '-'].join(tab),
    ];
    expect(pathsIn(lines.join('\n')).map(({ path }) => path)).toEqual(['/a.jpg', '/a.jpg?w=1']);
  });

  it.each([
    ['of another method', '1.2.3.4 - - [x] "POST /a HTTP/1.1" 200'],
    ['of another method in JSON', '{"request":{"method":"PUT","uri":"/a"}}'],
    ['that is torn', '{"request":{"method":"GET","uri":"/a"'],
    ['that says nothing', 'hello'],
    ['of JSON without a request', '{"a":[1,null,"/b"]}'],
  ])('do not stand in a line %s', (_what, line) => {
    expect(pathsIn(line)).toEqual([]);
  });

  it('come with the most asked for first, and are sampled evenly', () => {
    const asked = pathsIn(['/b', '/a', '/c', '/a', '/b', '/a'].join('\n'));
    expect(asked.map(({ path, hits }) => `${path} ${hits}`)).toEqual(['/a 3', '/b 2', '/c 1']);
    expect(sampleOf(asked, 2).map(({ path }) => path)).toEqual(['/a', '/b']);
  });
});
