import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { Agent, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { pixelsOf, score } from '../src/render/pixels/score.ts';
import { ask } from './ask.ts';
import type { Bench, Row } from './bench.ts';
import { mean } from './numbers.ts';
import type { Photo, Photos } from './photos.ts';
import { compare } from './rounds.ts';
import { bring, connections, type Sides, withSides } from './sides.ts';
import type { Tintype } from './tintype.ts';
import { visits } from './visits.ts';

/** Another server that makes pictures. */
export interface Peer {
  readonly name: string;
  /**
   * Its URL of a variant: `{file}` is a photo's file name, `{url}` where it can be fetched from (percent-encoded), `{width}`,
   * `{quality}`, `{format}` jpeg or webp, `{ext}` jpg or webp. For example:
   *
   * - IPX `http://127.0.0.1:3000/w_{width},f_{format},q_{quality}/{file}`
   * - imgproxy `http://127.0.0.1:8080/insecure/rs:fit:{width}:0/q:{quality}/plain/{url}@{ext}`
   * - imagor, thumbor `http://127.0.0.1:8000/unsafe/{width}x0/filters:format({format}):quality({quality})/{url}`
   */
  readonly template: string;
}

/** Throws where it is no `NAME=URL-TEMPLATE`. */
export function readPeer(text: string): Peer {
  const [, name, template] = /^([\w.-]+)=(https?:\/\/.+\{width\}.*)$/.exec(text) ?? [];
  if (name === undefined || template === undefined) {
    throw new Error(`Expected NAME=URL-TEMPLATE with {width} in it but received "${text}"`);
  }
  return { name, template };
}

interface Variant {
  readonly photo: Photo;
  readonly width: number;
  readonly format: 'jpg' | 'webp';
}

/** Where a peer is asked for a variant; photos are served at `source`. */
export function peerUrl(
  { template }: Peer,
  { photo, width, format }: Variant,
  quality: number,
  source: string,
): string {
  const file = `${photo.id}.${photo.format}`;
  const values: Readonly<Record<string, string>> = {
    file,
    url: encodeURIComponent(`${source}/${file}`),
    width: String(width),
    quality: String(quality),
    format: format === 'jpg' ? 'jpeg' : format,
    ext: format,
  };
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

const ourUrl = ({ url }: Tintype, { photo, width, format }: Variant) => `${url}/img/${photo.id}/f_${format},w_${width}`;

/** How many visits tell which variants are made. */
const count = 400;
const agent = new Agent({ keepAlive: true, maxSockets: connections });

/** The variants of the page workload, each once, by us and by others: at the quality at which theirs have as many bytes as ours. */
export function againstPeers(peers: readonly Peer[]): Bench {
  return {
    name: 'peers',
    measures:
      'The variants of the page workload, each made once, against another server on the same machine at the quality that gives as many bytes; scores are mean SSIMULACRA2',
    run: (photos) =>
      withSides({}, async (sides) => {
        const source = await serveFolder(sides.loop.folder);
        try {
          const some = await bringAll(photos, sides);
          const rows: Row[] = [];
          for (const peer of peers) {
            rows.push(...(await compareWith(peer, some, { tintype: sides.tintype, source: source.url })));
          }
          return rows;
        } finally {
          source.close();
        }
      }),
  };
}

/** The photos of a comparison with peers. */
export async function bringAll(photos: Photos, sides: Sides): Promise<readonly Photo[]> {
  const some = [...(await photos.ofPixels(12_000_000)), ...(await photos.ofPixels(2_000_000))].map((photo) => ({
    ...photo,
    id: `${photo.id}-${photo.width}`,
  }));
  await bring(some, sides);
  return some;
}

interface Asked {
  readonly tintype: Tintype;
  /** Where photos can be fetched from. */
  readonly source: string;
}

export async function compareWith(
  peer: Peer,
  photos: readonly Photo[],
  { tintype, source }: Asked,
): Promise<readonly Row[]> {
  const all = new Map<string, Variant>();
  for (const { photo: index, width, format } of visits(count, photos.length)) {
    const photo = photos[index];
    if (photo === undefined || (format !== 'jpg' && format !== 'webp')) continue;
    const variant = { photo, width, format };
    all.set(ourUrl(tintype, variant), variant);
  }
  const samples = (format: Variant['format']): readonly Variant[] =>
    photos.slice(0, 4).flatMap((photo) => [320, 640].map((width) => ({ photo, width, format })));
  const qualities = {
    jpg: await calibrate(peer, samples('jpg'), { tintype, source }),
    webp: await calibrate(peer, samples('webp'), { tintype, source }),
  };
  const theirUrl = (variant: Variant) => peerUrl(peer, variant, qualities[variant.format], source);
  const rate = async (urls: readonly string[]) => urls.length / (await askAll(urls)).seconds;
  const speed = await compare({
    tintype: async () => {
      await tintype.purgeAll();
      return rate([...all.keys()]);
    },
    reference: () => rate([...all.values()].map(theirUrl)),
  });
  const [ours, theirs] = [await askAll([...all.keys()]), await askAll([...all.values()].map(theirUrl))];
  const both = [...samples('jpg'), ...samples('webp')];
  const scores = [await scoreOf(both, (one) => ourUrl(tintype, one)), await scoreOf(both, theirUrl)] as const;
  const once = (what: string, unit: string, [one, other]: readonly [number, number], target: Row['target']): Row => {
    const ratio = one / other;
    return {
      what: `${peer.name}: ${what}`,
      unit,
      tintype: one,
      reference: other,
      ratio,
      spread: [ratio, ratio],
      target,
    };
  };
  const what = `${peer.name}: ${all.size} variants, jpg at its q ${qualities.jpg}, webp at its q ${qualities.webp}`;
  return [
    { what, unit: 'answers/s', ...speed, target: { bound: 'at least', ratio: 1.3 } },
    once('bytes of all', 'kB', [ours.bytes / 1000, theirs.bytes / 1000], { bound: 'at most', ratio: 1.03 }),
    once('score', 'points', scores, { bound: 'at least', ratio: 1 }),
  ];
}

/** The quality at which its bytes are nearest to ours. */
async function calibrate(peer: Peer, samples: readonly Variant[], { tintype, source }: Asked): Promise<number> {
  const wanted = (await askAll(samples.map((one) => ourUrl(tintype, one)))).bytes;
  const bytesAt = async (quality: number) =>
    (await askAll(samples.map((one) => peerUrl(peer, one, quality, source)))).bytes;
  let [low, high] = [20, 96];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if ((await bytesAt(middle)) <= wanted) low = middle;
    else high = middle;
  }
  return wanted - (await bytesAt(low)) <= (await bytesAt(high)) - wanted ? low : high;
}

/** Mean likeness to what sharp makes of the whole original without any shortcut. */
async function scoreOf(variants: readonly Variant[], urlOf: (variant: Variant) => string): Promise<number> {
  const scores: number[] = [];
  for (const variant of variants) {
    const { photo, width } = variant;
    const height = Math.round((width * photo.height) / photo.width);
    const whole = sharp(photo.bytes).extract({ left: 0, top: 0, width: photo.width, height: photo.height });
    const exact = await pixelsOf(await whole.resize(width, height, { fit: 'fill' }).png().toBuffer());
    const answer = await fetch(urlOf(variant));
    const seen = await pixelsOf(Buffer.from(await answer.arrayBuffer()));
    if (seen.width !== width || seen.height !== height) throw new Error(`Expected ${width}×${height} of ${answer.url}`);
    scores.push(score(exact, seen).ssimulacra2);
  }
  return mean(scores);
}

async function askAll(urls: readonly string[]): Promise<{ readonly seconds: number; readonly bytes: number }> {
  const begun = performance.now();
  const rest = urls.values();
  let bytes = 0;
  const work = async () => {
    for (const url of rest) {
      const answer = await ask(url, agent);
      if (answer.status !== 200) throw new Error(`Expected ${url} to be a picture but received ${answer.status}`);
      bytes += answer.bytes;
    }
  };
  await Promise.all(Array.from({ length: connections }, work));
  return { seconds: (performance.now() - begun) / 1000, bytes };
}

/** Files of a folder by name, for peers that fetch. */
async function serveFolder(folder: string): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((incoming, outgoing) => {
    createReadStream(join(folder, basename(incoming.url ?? '')))
      .on('error', () => outgoing.writeHead(404).end())
      .pipe(outgoing);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
