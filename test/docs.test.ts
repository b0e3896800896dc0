import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Report } from '../bench/report.ts';
import { commands } from '../src/cli/index.ts';
import { readLine } from '../src/cli/shell/words.ts';
import { parseTransform } from '../src/transform/grammar.ts';
import { splitImagePath } from '../src/transform/image-path.ts';
import { builtInPresets, readPresets } from '../src/transform/presets.ts';
import { dependencies, licencesPage } from './docs/licences.ts';
import { fileOf, pages, textOf } from './docs/pages.ts';
import { tables, withTables } from './docs/tables.ts';

/** What a heading is linked by, as the places that show these pages make it. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-');

describe.each(pages)('%s', (page) => {
  const text = textOf(page);

  it('says what the catalogues say (npm run docs prints it anew)', () => {
    expect(text).toBe(withTables(text));
  });

  it('links to what is there', () => {
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)(?:#([^)\s]+))?\)/g)];
    for (const [, path = '', anchor] of links) {
      const target = new URL(path, fileOf(page));
      expect([path, existsSync(target)]).toEqual([path, true]);
      if (anchor === undefined) continue;
      const linked = textOf(path.startsWith('../') ? path.slice(3) : page.startsWith('docs/') ? `docs/${path}` : path);
      const anchors = [...linked.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));
      expect([anchor, anchors.includes(anchor)]).toEqual([anchor, true]);
    }
  });

  it('shows command lines that would be taken', () => {
    const lines = [...text.matchAll(/^(?:TINTYPE_\w+=\S+ )*(?:npx )?tintype (.+)$/gm)].map(([, line = '']) => line);
    for (const line of lines) {
      const words = (line.split(/ +(?:#|>|&)/)[0] ?? '').replaceAll("'", '').trim().split(/\s+/);
      const command = [2, 1].flatMap(
        (count) => commands.find(({ name }) => name === words.slice(0, count).join(' ')) ?? [],
      )[0];
      if (command === undefined) expect.fail(`No command is called as in ${line}`);
      expect(() => readLine(command, words.slice(command.name.split(' ').length)), line).not.toThrow();
    }
  });

  it('shows image URLs that are legal', () => {
    const presets = readPresets(builtInPresets);
    const urls = [...text.matchAll(/(?:`|"|:3000|example\.com)(\/img\/[^\s`"'|{…<>$]+)(?=[\s`"'|>])/g)].map(
      ([, url = '']) => url,
    );
    for (const url of urls) {
      // Patterns of routes.
      if (url.includes(':id') || url.includes('*') || url.endsWith('/')) continue;
      expect(() => parseTransform(splitImagePath(url, '/img/'), presets), url).not.toThrow();
    }
  });
});

describe('The documents', () => {
  it('size machines by what the benches gave last', () => {
    const { benches } = JSON.parse(readFileSync(new URL('../bench/results.json', import.meta.url), 'utf8')) as Report;
    const rateOf = (bench: string, what: string) =>
      benches.find(({ name }) => name === bench)?.rows.find((row) => row.what.startsWith(what))?.tintype ?? Number.NaN;
    const hit = rateOf('hit', '/img/photo/f_webp');
    const [large, small] = [rateOf('miss', '12 megapixel jpeg to 400 px webp'), rateOf('miss', '0.3 megapixel')];
    const milliseconds = Math.round(1000 / large);
    const sizing = textOf('docs/sizing.md');
    for (const sentence of [
      `A hit in memory took ${Math.round(hit)} µs of CPU`,
      `: ${Math.round(1000 / hit)} 000 a second on a core.`,
      `A miss from a 12-megapixel JPEG took ${milliseconds} ms of a core, one from 0.3 megapixels ${Math.round(1000 / small)} ms`,
      `(${large.toFixed(1)} and ${small.toFixed(1)} answers for a second of CPU, there too)`,
      `10⁹ × ${milliseconds} ms = ${milliseconds} million core seconds`,
      `${Math.round(milliseconds / 3.6)} core hours`,
    ]) {
      expect(sizing).toContain(sentence);
    }
  });

  it.each(Object.keys(tables))('have the table of %s once', (name) => {
    const holders = pages.filter((page) => textOf(page).includes(`<!-- table:${name} -->`));
    expect([name, holders.length]).toEqual([name, 1]);
  });
});

describe('The page of licences', () => {
  it('says what the lock says (npm run docs prints it anew)', () => {
    expect(textOf('docs/licences.md')).toBe(licencesPage());
  });

  it('has none that would ask something of whoever uses us', () => {
    const free = ['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'];
    // A library beside ours, loaded and not linked; a font, free for every use.
    const known = [/^@img\/sharp-/, /^libheif-js$/, /^dejavu-fonts-ttf$/];
    const others = dependencies().filter(
      ({ name, licence }) => !free.includes(licence) && !known.some((one) => one.test(name)),
    );
    expect(others).toEqual([]);
  });
});
