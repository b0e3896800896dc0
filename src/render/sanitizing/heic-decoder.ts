import { createRequire } from 'node:module';

/** The little of `heic-decode` that is used. */
export interface HeicDecoder {
  all(input: { readonly buffer: Uint8Array }): Promise<readonly HeicPicture[]>;
}

export interface HeicPicture {
  readonly width: number;
  readonly height: number;
  /** RGBA. */
  decode(): Promise<{ readonly data: Uint8ClampedArray }>;
}

/** Optional: it is not there unless somebody has installed it. */
const packageName: string = 'heic-decode';

/** For a process that may be killed. */
export async function loadHeicDecoder(): Promise<HeicDecoder> {
  const loaded: { readonly default: HeicDecoder } = await import(packageName);
  return loaded.default;
}

/** Throws one sentence where the decoder is not installed; loads nothing. */
export function assertHeicDecoder(): void {
  try {
    createRequire(import.meta.url).resolve(packageName);
  } catch (cause) {
    throw new Error(`Expected the package ${packageName} for TINTYPE_HEIC=convert but it is not installed`, { cause });
  }
}
