import { resolve } from 'node:path';
import type { StoreOptions } from '../store/index.ts';
import { openS3Reader } from '../store/index.ts';
import { allowOrigin } from './allowance.ts';
import { FolderSource } from './file.ts';
import { s3Source } from './s3.ts';
import type { Fetcher, Source } from './source.ts';
import type { WebOptions } from './web.ts';

export type SourceOptions = StoreOptions & Pick<WebOptions, 'deadline' | 'pseudonym'>;

type Open = (location: string, options: SourceOptions) => Promise<Source>;

/** Sources by the scheme of their URL. */
const sources: Readonly<Record<string, Open>> = {
  file: (location) => FolderSource.open(resolve(location)),
  s3: async (location, options) => s3Source(await openS3Reader(location, options)),
  https: (location, options) => openSite(`https:${location}`, options),
  http: (location, options) => openSite(`http:${location}`, options),
};

async function openSite(url: string, { deadline, pseudonym }: SourceOptions): Promise<Source> {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (
    parsed === null ||
    parsed.username !== '' ||
    parsed.password !== '' ||
    parsed.search !== '' ||
    parsed.hash !== ''
  ) {
    throw new Error(
      'Expected a URL without credentials, query and fragment for TINTYPE_SOURCE but received something else',
    );
  }
  const base = parsed.href.endsWith('/') ? parsed.href : `${parsed.href}/`;
  const [{ webSource }, { Web }] = await Promise.all([import('./https.ts'), import('./web.ts')]);
  return webSource(
    base,
    new Web({ allowance: allowOrigin(parsed.origin), deadline, pseudonym, sparedAfter: 'answers' }),
  );
}

/**
 * Opens the source at a URL: `file:./public`, `s3://bucket/prefix` or `https://old.example/`. Throws Error for an
 * invalid URL.
 */
export async function openSource(url: string, options: SourceOptions): Promise<Source> {
  const scheme = url.slice(0, Math.max(0, url.indexOf(':')));
  const open = Object.entries(sources).find(([known]) => known === scheme)?.[1];
  if (open !== undefined) return open(url.slice(scheme.length + 1), options);
  throw new Error(`Expected one of ${Object.keys(sources).join(', ')} as the scheme of TINTYPE_SOURCE`);
}

/** Opens a fetcher of images from the web. Its modules are loaded only here. */
export async function openWeb(options: Omit<WebOptions, 'sparedAfter'>): Promise<Fetcher & { close(): Promise<void> }> {
  const [{ webFetcher }, { Web }] = await Promise.all([import('./fetcher.ts'), import('./web.ts')]);
  const web = new Web({ ...options, sparedAfter: 'connections' });
  return { ...webFetcher(web), close: () => web.close() };
}
