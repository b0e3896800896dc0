import { readdirSync } from 'node:fs';
import { maxOpenFiles } from './os-limits.ts';

/** Limit of open files from which imports need no care. Node opens all modules of an import graph at once. */
const enough = 1024;

/** Folders of `src` with most modules of a server. */
export const serverFolders: readonly string[] = ['transform', 'render/steps', 'store', 'library', 'http'];

/**
 * Imports the modules of these folders of `src`, recursively, one at a time if few files may be open (`ulimit -n 64`).
 * Later imports then open no file. The modules have no other side effects.
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
