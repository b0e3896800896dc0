import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dependencies, licencesPage } from './docs/licences.ts';
import { tables, withTables } from './docs/tables.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

describe('The README', () => {
  it('says what the catalogues say (npm run docs prints it anew)', () => {
    expect(readme).toBe(withTables(readme));
  });

  it.each(Object.keys(tables))('has the table of %s', (name) => {
    expect(readme).toContain(`<!-- table:${name} -->`);
  });
});

describe('The page of licences', () => {
  it('says what the lock says (npm run docs prints it anew)', () => {
    expect(readFileSync(new URL('../docs/licences.md', import.meta.url), 'utf8')).toBe(licencesPage());
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
