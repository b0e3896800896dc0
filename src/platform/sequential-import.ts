import { readdirSync } from 'node:fs';
import { mostOpenFiles } from './os-limits.ts';

/** Node opens all modules of a graph at once; below so many files it has to be spared that. */
const enough = 1024;

const language = ['transform/params/effects', 'transform/params', 'transform'];

/** What a server loads most of. */
export const serverFolders: readonly string[] = [...language, 'render/steps', 'store', 'library', 'http'];

/**
 * Where few files may be open (`ulimit -n 64`), loads the modules of these folders of the sources one by one, so that
 * whatever imports them later opens none. The folders' modules do nothing when they are loaded.
 */
export async function loadSparingly(folders: readonly string[]): Promise<void> {
  if (mostOpenFiles() >= enough) return;
  for (const folder of folders) {
    const place = new URL(`./${folder}/`, import.meta.url);
    const modules = readdirSync(place).filter((name) => /\.[jt]s$/.test(name) && !name.endsWith('.d.ts'));
    for (const name of modules) await import(new URL(name, place).href);
  }
}
