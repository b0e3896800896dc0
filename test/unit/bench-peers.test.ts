import { describe, expect, it } from 'vitest';
import { type Peer, peerUrl, readPeer } from '../../bench/peers.ts';
import type { Photo } from '../../bench/photos.ts';
import { pageWidths, visits } from '../../bench/visits.ts';

const photo: Photo = { id: 'lake', format: 'jpeg', width: 4000, height: 3000, bytes: Buffer.alloc(0) };

const templates: readonly (readonly [template: string, url: string])[] = [
  ['http://p/w_{width},f_{format},q_{quality}/{file}', 'http://p/w_320,f_jpeg,q_77/lake.jpeg'],
  [
    'http://p/insecure/rs:fit:{width}:0/q:{quality}/plain/{url}@{ext}',
    'http://p/insecure/rs:fit:320:0/q:77/plain/http%3A%2F%2Fphotos%2Flake.jpeg@jpg',
  ],
  [
    'http://p/unsafe/{width}x0/filters:format({format}):quality({quality})/{url}',
    'http://p/unsafe/320x0/filters:format(jpeg):quality(77)/http%3A%2F%2Fphotos%2Flake.jpeg',
  ],
];

describe('A peer of the benches', () => {
  it.each(templates)('is asked by a template: %s', (template, url) => {
    const peer: Peer = readPeer(`other-1=${template}`);
    expect(peer.name).toBe('other-1');
    expect(peerUrl(peer, { photo, width: 320, format: 'jpg' }, 77, 'http://photos')).toBe(url);
  });

  it.each(['ipx', 'ipx=http://p/{file}', 'ipx=ftp://p/{width}', '=http://p/{width}'])('is not %s', (text) => {
    expect(() => readPeer(text)).toThrow('Expected NAME=URL-TEMPLATE with {width} in it but received');
  });
});

describe('Visits of a page', () => {
  it('are the same in every run, popular photos first, all widths and both formats', () => {
    const seen = visits(2000, 6);
    expect(visits(2000, 6)).toEqual(seen);
    const counts = [0, 1, 2, 3, 4, 5].map((index) => seen.filter(({ photo: one }) => one === index).length);
    expect(counts).toEqual(counts.toSorted((a, b) => b - a));
    expect((counts[0] ?? 0) / (counts[1] ?? 1)).toBeGreaterThan(1.6);
    expect([...new Set(seen.map(({ width }) => width))].sort((a, b) => a - b)).toEqual(pageWidths);
    expect(new Set(seen.map(({ format }) => format))).toEqual(new Set(['webp', 'jpg']));
  });
});
