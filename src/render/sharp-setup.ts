/** Configures sharp for this process when imported: no cache, one thread per image, and an allow-list of decoders. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';

/** Oldest allowed versions of libraries. Older decoders have known memory errors. */
const floors = { vips: '8.18.3', heif: '1.22', webp: '1.3.2' } as const;

/** File loaders only, because a 99 MB PNG costs 23 MB by path and 114 MB by buffer. */
const fileLoaders = ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif', 'Tiff'].map((name) => `VipsForeignLoad${name}File`);

assertVersions(sharp.versions);
sharp.cache(false);
sharp.concurrency(1);
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: fileLoaders });

/** Allows SVG for the rest of the process, from memory only, so that librsvg cannot read neighbouring files. */
export function allowSvgLoader(): void {
  sharp.unblock({ operation: ['VipsForeignLoadSvgBuffer'] });
}

/**
 * Allows libvips' own format by path, for working copies, for the rest of the process. Validation rejects uploads in
 * that format.
 */
export function allowWorkingCopyLoader(): void {
  sharp.unblock({ operation: ['VipsForeignLoadVipsFile'] });
}

/** Allows decoding JPEG, WebP and HEIF from memory, for our own output, for the rest of the process. */
export function allowOwnBytes(): void {
  sharp.unblock({ operation: ['Jpeg', 'Webp', 'Heif'].map((name) => `VipsForeignLoad${name}Buffer`) });
}

/** Throws if a library is too old, or is not the one that sharp ships (a system's libvips lists none). */
export function assertVersions(versions: Readonly<Record<string, string | undefined>>): void {
  for (const [library, floor] of Object.entries(floors)) {
    const version = versions[library];
    if (version === undefined || isOlder(version, floor)) {
      throw new Error(`Expected ${library} ${floor} or newer inside sharp but received ${version ?? 'none'}`);
    }
  }
}

function isOlder(version: string, floor: string): boolean {
  const [ours, least] = [version, floor].map((text) => text.split('.').map(Number));
  const unequal = least?.findIndex((part, place) => part !== (ours?.[place] ?? 0)) ?? -1;
  return unequal >= 0 && (ours?.[unequal] ?? 0) < (least?.[unequal] ?? 0);
}

const forbidden: Readonly<Record<string, string>> = {
  ppm: 'P6\n1 1\n255\n\0\0\0',
  svg: '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>',
};

/**
 * Tries files that must be refused: a PPM by path and from memory, an SVG by path. Throws if one is decoded.
 * SVG from memory is not tried, since `allowSvgLoader` may have been called.
 */
export async function assertLoaders(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tintype-loaders-'));
  try {
    for (const [name, bytes] of Object.entries(forbidden)) {
      const path = join(folder, `try.${name}`);
      await writeFile(path, bytes);
      await assertRefused(path, `a ${name} file`);
    }
    await assertRefused(Buffer.from(forbidden['ppm'] ?? ''), 'a ppm from memory');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Encodes every supported format. Throws if a library inside sharp cannot. */
export async function assertEncoders(): Promise<void> {
  const pixel = { create: { width: 1, height: 1, channels: 3 as const, background: '#808080' } };
  for (const format of ['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const) {
    await sharp(pixel)
      .toFormat(format)
      .toBuffer()
      .catch((cause: unknown) => {
        throw new Error(`sharp cannot encode ${format}; reinstall sharp with its prebuilt libvips`, { cause });
      });
  }
}

async function assertRefused(input: string | Buffer, what: string): Promise<void> {
  const opened = await sharp(input)
    .metadata()
    .then(
      () => true,
      () => false,
    );
  if (opened)
    throw new Error(
      `sharp opened ${what}, which its allow-list of loaders must block; reinstall sharp with its prebuilt libvips`,
    );
}
