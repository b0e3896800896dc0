import { existsSync, readFileSync } from 'node:fs';
import { sorted } from './stable.ts';

const root = new URL('../../', import.meta.url);

interface Manifest {
  readonly engines: Readonly<Record<string, string>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
}

/** What `import … from 'tintype/…'` gives: names of values as they are when loaded, names of types as they are written. */
export async function exportsOfPackage(): Promise<string> {
  const { bin, engines, exports }: Manifest = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
  const entries = Object.entries(exports).map(async ([entry, target]) => {
    if (typeof target === 'string') return [`${entry} = ${target}`];
    const source = new URL(target.default.replace('./dist/', './src/').replace(/\.js$/, '.ts'), root);
    if (!existsSync(source)) throw new Error(`Expected a source file for ${target.default} but there is none`);
    const values = Object.keys(await import(source.href));
    return [...values, ...typesIn(readFileSync(source, 'utf8'))].map((name) => `${entry} ${name}`);
  });
  const lines = (await Promise.all(entries)).flat();
  const programs = Object.keys(bin).map((name) => `program ${name}`);
  return sorted([...lines, ...programs, ...Object.entries(engines).map(([name, range]) => `engine ${name} ${range}`)]);
}

function typesIn(source: string): readonly string[] {
  const declared = [...source.matchAll(/^export (?:interface|type) (\w+)/gm)].flatMap(
    ([, name = '']) => `type ${name}`,
  );
  const listed = [...source.matchAll(/^export (type )?\{([^}]*)\}/gm)].flatMap(([, all, names = '']) =>
    names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '' && (all !== undefined || name.startsWith('type ')))
      .map((name) => `type ${name.replace(/^type /, '').replace(/^\w+ as /, '')}`),
  );
  return [...declared, ...listed];
}
