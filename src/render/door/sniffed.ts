import type { FormatName } from '../../formats/format.ts';

/** What the first bytes are: something we may take, or the name of what we do not, with advice where there is some. */
export type Sniffed = { readonly taken: FormatName | 'svg' } | { readonly refused: string; readonly advice?: string };
