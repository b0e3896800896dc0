import { readFileSync } from 'node:fs';

interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
}

export interface Dependency {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  /** Installed only where it fits the machine, or left out without harm. */
  readonly isOptional: boolean;
}

/** What `npm install tintype` may bring along, as the lock has it, by name. */
export function dependencies(): readonly Dependency[] {
  const lock: { readonly packages: Readonly<Record<string, Locked>> } = JSON.parse(
    readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'),
  );
  return Object.entries(lock.packages)
    .filter(([path, { dev = false }]) => path !== '' && !dev)
    .map(([path, { version = '', license = 'unknown', optional = false }]) => ({
      name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version,
      licence: license,
      isOptional: optional,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** `docs/licences.md` */
export function licencesPage(): string {
  const all = dependencies();
  const licences = [...new Set(all.map(({ licence }) => licence))].sort();
  return [
    '# Licences',
    'Tintype itself is Apache-2.0. This is what an installation may bring along, printed by `npm run docs` from the lock; `npm run --silent sbom` tells the same as CycloneDX. What is optional fits one kind of machine, or is for one purpose: HEIC (`heic-decode`, `libheif-js`), likeness (`calc-s2-rust`). `@img/sharp-libvips-*` hold libvips and the libraries it is made with, and say in their README under which licences; `dejavu-fonts-ttf` has its own, free for every use.',
    ...licences.map((licence) =>
      [
        `## ${licence}`,
        '',
        ...all
          .filter((one) => one.licence === licence)
          .map(({ name, version, isOptional }) => `- ${name} ${version}${isOptional ? ' (optional)' : ''}`),
      ].join('\n'),
    ),
    '',
  ]
    .join('\n\n')
    .trimEnd()
    .concat('\n');
}
