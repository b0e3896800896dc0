import { readFileSync } from 'node:fs';

/** This path is valid from both `src` and `dist`. */
const read: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

/** Version of the tintype package. */
export const packageVersion = (read as { readonly version: string }).version;
