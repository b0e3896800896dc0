import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { translated } from '../../src/cli/translate/translated.ts';
import { dialects } from '../../src/dialects/index.ts';
import { Failure } from '../../src/errors.ts';

const pageOf = (name: string) => readFileSync(new URL(`../../docs/migrate-${name}.md`, import.meta.url), 'utf8');

describe.each(dialects)('The page on $name', ({ name }) => {
  it('tells what is equal, what differs, the steps and the way back', () => {
    expect([...pageOf(name).matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)).toEqual([
      'Equal',
      'Different',
      'Steps',
      'Back',
    ]);
  });

  it('shows URLs that mean what it says', () => {
    const rows = [...pageOf(name).matchAll(/^\| `([^`]+)` \| `([^`]+)` \|$/gm)];
    expect(rows.length).toBeGreaterThan(1);
    for (const [, theirs = '', ours] of rows) expect(translated(theirs, name).path).toBe(ours);
  });
});

describe('Translating', () => {
  it('knows some URLs by their place, and asks for the name of others', () => {
    expect(translated('https://res.cloudinary.com/demo/image/upload/w_10/cat', undefined)).toEqual({
      path: '/img/cat/c_scale,w_10',
      remarks: [],
    });
    expect(() => translated('/unsafe/10x10/cat', undefined)).toThrow(Failure);
  });

  it('ends a URL that names its format in a file name, since some CDNs go by extension', () => {
    expect(translated('/_ipx/f_webp,w_9/a/cat.jpg', undefined).path).toBe(
      '/img/a:cat.jpg/f_webp,q_80,w_9/a%3Acat.jpg.webp',
    );
  });

  it('says what is only alike, and whose the id is', () => {
    const told = translated('/cdn-cgi/image/w=100,blur=10/https://a.example/b.jpg', undefined);
    expect([told.path, ...told.remarks].join('\n')).toMatch(
      /^\/img\/ID\/e_blur:225,w_100\nID is what .* https:\/\/a\.example\/b\.jpg\nonly alike: /,
    );
  });
});
