import { readdirSync, readFileSync } from 'node:fs';

/** Every page of documents, by its path from the root. */
export const pages: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(new URL('../../docs/', import.meta.url))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

export const fileOf = (page: string): URL => new URL(`../../${page}`, import.meta.url);

export const textOf = (page: string): string => readFileSync(fileOf(page), 'utf8');
