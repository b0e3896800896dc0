import { readFileSync } from 'node:fs';

/** The same place from the sources and from what they are built into. */
const read: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

/** Tintype's own. */
export const packageVersion = (read as { readonly version: string }).version;
