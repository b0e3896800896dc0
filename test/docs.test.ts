import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
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
