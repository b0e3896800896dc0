import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { type Likeness, likeness, type Tolerance } from './likeness.ts';

export interface GoldenOptions extends Partial<Tolerance> {
  /** Where the goldens live; default `test/golden`. */
  readonly folder?: string;
}

/**
 * The defaults forgive a rounding here and there, as another CPU's vector code makes, and nothing an eye could see: a
 * hue turned by 2° or a blur of σ 0.7 fails.
 */
const goldenTolerance: Tolerance = { structure: 0.998, colour: 0.5 };

const goldenFolder = fileURLToPath(new URL('../golden/', import.meta.url));

/**
 * Compares a rendered PNG with `test/golden/<name>.png`; a name may have folders, and reads well as the words of the
 * URL that made the picture.
 *
 * - A missing golden fails. Only `UPDATE_GOLDEN=1` writes one, and then only where none is alike: no churn in git.
 * - A failure keeps the picture in the system's temporary folder and names both paths.
 */
export async function expectGolden(name: string, png: Uint8Array, options: GoldenOptions = {}): Promise<void> {
  const path = join(options.folder ?? goldenFolder, `${checkedName(name)}.png`);
  const golden = readIfThere(path);
  const trouble = golden === null ? 'There is no such golden' : await whatDiffers(golden, png, options);
  if (trouble === null) return;
  if (process.env['UPDATE_GOLDEN'] === '1') {
    replace(path, png);
    return;
  }
  const actual = join(tmpdir(), 'tintype-golden', `${name}.png`);
  replace(actual, png);
  throw new Error(
    `${trouble}.\n  golden: ${path}\n  actual: ${actual}\nLook at both; if the actual one is right, run again with UPDATE_GOLDEN=1.`,
  );
}

function checkedName(name: string): string {
  const segments = name.split('/');
  if (segments.every((segment) => /^(?!\.)[\w.,:~-]{1,180}$/.test(segment))) return name;
  throw new TypeError(
    `Expected a golden's name of letters, digits and .,:~-_ between slashes but received ${JSON.stringify(name)}`,
  );
}

function readIfThere(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Renamed into place: a test that is stopped halfway leaves no half golden. */
function replace(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, bytes);
  renameSync(unfinished, path);
}

/** A sentence about the difference, or null if the pictures are alike. */
async function whatDiffers(golden: Uint8Array, png: Uint8Array, options: GoldenOptions): Promise<string | null> {
  const [before, after] = await Promise.all([sharp(golden).metadata(), sharp(png).metadata()]);
  if (after.format !== 'png') return `Expected a PNG but received ${after.format}`;
  if (before.width !== after.width || before.height !== after.height) {
    return `Expected ${before.width}×${before.height} but received ${after.width}×${after.height}`;
  }
  const { structure, colour } = { ...goldenTolerance, ...options };
  const found: Likeness = await likeness(golden, png);
  if (found.structure < structure)
    return `Expected a structure of at least ${structure} but received ${found.structure}`;
  if (found.colour > colour) return `Expected colours within ${colour} of the golden's but received ${found.colour}`;
  return null;
}
