import type { FormatName } from '../../formats/format.ts';

/** The name of what we do not take, with advice where there is some. */
export interface UnsupportedFile {
  readonly refused: string;
  readonly advice?: string;
}

/** What the first bytes are: something we may take, or not. */
export type DetectedType = { readonly taken: FormatName | 'svg' } | UnsupportedFile;
