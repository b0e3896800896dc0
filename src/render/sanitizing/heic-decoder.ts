import { createRequire } from 'node:module';

/** The part of `heic-decode` that is used. */
export interface HeicDecoder {
  all(input: { readonly buffer: Uint8Array }): Promise<readonly HeicPicture[]>;
}

export interface HeicPicture {
  readonly width: number;
  readonly height: number;
  /** RGBA, 8 bits per channel. */
  decode(): Promise<{ readonly data: Uint8ClampedArray }>;
}

/** An optional package, which the operator installs. */
const packageName: string = 'heic-decode';

/** Loads the decoder. Call it only in a worker process, which can be killed. */
export async function loadHeicDecoder(): Promise<HeicDecoder> {
  const loaded: { readonly default: HeicDecoder } = await import(packageName);
  return loaded.default;
}

/** Throws Error if the decoder is not installed. Does not load it. */
export function assertHeicDecoder(): void {
  try {
    createRequire(import.meta.url).resolve(packageName);
  } catch (cause) {
    throw new Error(`TINTYPE_HEIC=convert needs the package ${packageName}; run npm install ${packageName}`, { cause });
  }
}
