import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { familiesIn } from './font-names.ts';

/** Fonts that text may be set in. */
export interface Fonts {
  /** Families as their files name them, in alphabetical order. */
  readonly families: readonly string[];
  /** SHA-256 of all files: where one comes or goes, text may look another way. */
  readonly digest: string;
  /** Fontconfig's configuration (its `FONTCONFIG_FILE`) that knows these and no others. */
  readonly configuration: string;
}

/** DejaVu, which ships with us. */
const shipped = join(dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')), 'ttf');

const isFont = (name: string): boolean => /\.(ttf|otf|ttc|otc)$/i.test(name);

/**
 * Finds the shipped fonts and those of a folder, and writes what points fontconfig at exactly these: it would put another
 * font for a missing one without a word. `scratchFolder` also takes its cache.
 * @throws Error where `added` is no folder, or a font in it cannot be read.
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
