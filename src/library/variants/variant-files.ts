import { Failure } from '../../errors.ts';
import type { LocalFile } from '../../store/blob-store.ts';
import type { Original } from '../original.ts';
import type { Integrity } from '../originals/integrity.ts';
import type { Bytes } from '../originals/references.ts';
import type { VariantSpec } from './spec.ts';
import type { Copy } from './working-copies.ts';

/** What a rendering reads: an original or a copy of it, and its layers by the SHA-256 of their bytes. */
export interface VariantFiles {
  readonly path: string;
  /** SHA-256 of an original; a name of its own for a copy. */
  readonly version: string;
  readonly layers: Readonly<Record<string, string>>;
}

export interface FileLenders {
  readonly originals: Pick<Bytes, 'localPath'>;
  readonly integrity: Integrity;
}

/**
 * Lends the bytes of every original in variants of one, each held to its SHA-256; where there is a copy of that one, the
 * copy instead. Throws `damaged-original`.
 */
export async function withFiles<T>(
  { originals, integrity }: FileLenders,
  specs: readonly VariantSpec[],
  work: (files: VariantFiles) => Promise<T>,
  copy: Copy | null = null,
): Promise<T> {
  const original = specs[0]?.original;
  if (original === undefined) throw new TypeError('Expected a variant to make');
  const lent: LocalFile[] = [];
  const borrow = async (wanted: Original): Promise<string> => {
    const file = await originals.localPath(wanted.blob);
    if (file === null) throw new Failure('damaged-original', `The bytes of "${wanted.id}" are missing`);
    lent.push(file);
    await integrity.verifyChecksum(wanted, file.path);
    return file.path;
  };
  try {
    const path = copy?.path ?? (await borrow(original));
    const layers: Record<string, string> = {};
    for (const layer of specs.flatMap((spec) => spec.layers)) layers[layer.version] ??= await borrow(layer);
    return await work({ path, version: copy?.name ?? original.version, layers });
  } finally {
    for (const file of lent) file.release();
  }
}
