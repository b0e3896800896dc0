import type { FormatName } from '../../formats/format.ts';

/** A type that is not accepted, with optional advice. */
export interface UnsupportedFile {
  readonly refused: string;
  readonly advice?: string;
}

/** Type of a file by its first bytes: a supported format, or one that is not accepted. */
export type DetectedType = { readonly taken: FormatName | 'svg' } | UnsupportedFile;
