import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { familiesIn } from './font-names.ts';

/** Fonts that are available for text. */
export interface Fonts {
  /** Family names, in alphabetical order. */
  readonly families: readonly string[];
  /** SHA-256 of all font files; part of the key of variants with text. */
  readonly digest: string;
  /** Path of a fontconfig configuration (`FONTCONFIG_FILE`) with exactly these fonts. */
  readonly configuration: string;
}

/** Folder of the DejaVu fonts, which are included. */
const shipped = join(dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')), 'ttf');

const isFont = (name: string): boolean => /\.(ttf|otf|ttc|otc)$/i.test(name);

/**
 * Finds the included fonts and those of a folder, and writes a fontconfig configuration with only these.
 * Otherwise fontconfig would silently substitute a missing font. `scratchFolder` also holds its cache.
 * @throws Error if `added` is not a folder, or one of its fonts cannot be read.
 */
export async function openFonts(added: string | null, scratchFolder: string): Promise<Fonts> {
  const folders = added === null ? [shipped] : [shipped, resolve(added)];
  const families = new Set<string>();
  const digests: string[] = [];
  for (const folder of folders) {
    for (const file of await fontsIn(folder)) {
      const bytes = await readFile(file);
      digests.push(createHash('sha256').update(bytes).digest('hex'));
      for (const family of familiesIn(bytes, file)) families.add(family);
    }
  }
  await mkdir(scratchFolder, { recursive: true, mode: 0o700 });
  const configuration = join(scratchFolder, 'fonts.conf');
  const lines = [
    ...folders.map((folder) => `<dir>${escaped(folder)}</dir>`),
    `<cachedir>${escaped(join(scratchFolder, 'fonts'))}</cachedir>`,
  ];
  await writeFile(configuration, `<?xml version="1.0"?>\n<fontconfig>${lines.join('')}</fontconfig>\n`);
  const digest = createHash('sha256').update(digests.sort().join()).digest('hex');
  return { families: [...families].sort(), digest, configuration };
}

async function fontsIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, encoding: 'utf8' }).catch((cause: unknown) => {
    throw new Error(`Expected a folder of fonts for TINTYPE_FONTS but "${folder}" cannot be read`, { cause });
  });
  return entries.filter(isFont).map((entry) => join(folder, entry));
}

const escaped = (path: string): string => path.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
