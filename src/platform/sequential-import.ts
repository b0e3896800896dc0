import { readdirSync } from 'node:fs';
import { maxOpenFiles } from './os-limits.ts';

/** Node opens all modules of a graph at once; below so many files it has to be spared that. */
const enough = 1024;

/** Folders of `src` with most of a server's modules. */
export const serverFolders: readonly string[] = ['transform', 'render/steps', 'store', 'library', 'http'];

/**
 * Loads the modules of these folders of `src`, and of folders inside them, one by one where few files may be open
 * (`ulimit -n 64`). Later imports then open no file. Loading one of these modules has no other effect.
 */
export async function loadSparingly(folders: readonly string[]): Promise<void> {
  if (maxOpenFiles() >= enough) return;
  for (const folder of folders) {
    const place = new URL(`../${folder}/`, import.meta.url);
    const modules = readdirSync(place, { recursive: true, encoding: 'utf8' }).filter(
      (name) => /\.[jt]s$/.test(name) && !name.endsWith('.d.ts'),
    );
    for (const name of modules) await import(new URL(name, place).href);
  }
}
