import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pathsIn, sampleOf } from '../../src/cli/compare/access-log.ts';
import { type Comparison, compare, reportOf } from '../../src/cli/compare/replay.ts';
import { fixturePath } from '../support/photo.ts';
import { built, type ServerProcess, startServer } from '../support/server-process.ts';
import { type Peer, startIpx } from './support/ipx.ts';

let folder: string;
let peer: Peer;
let server: ServerProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tintype-peers-'));
  // Half a picture: the metric takes seconds for a whole one.
  await sharp(fixturePath('sample.jpg')).resize(800, 600).jpeg({ quality: 95 }).toFile(join(folder, 'lake.jpg'));
  await copyFile(fixturePath('scene.png'), join(folder, 'my scene.png'));
  peer = await startIpx(folder);
  server = await startServer(
    { TINTYPE_STORE: 'memory:', TINTYPE_SOURCE: `file:${folder}`, TINTYPE_DIALECTS: 'ipx', TINTYPE_PORT: '0' },
    undefined,
    built,
  );
}, 180_000);
afterAll(async () => {
  await server.end('SIGTERM');
  await peer.close();
  await rm(folder, { recursive: true, force: true });
});

/** Sides are chosen so that scaled ones are whole: a third of a pixel costs 30 points, and no eye sees it. */
const leastScore = 85;

const modifiers = [
  '_',
  'w_400',
  'w_5000',
  'h_300',
  'w_401,h_100',
  's_400x300',
  's_200x400',
  's_300',
  's_5000x5000',
  's_5000x1000',
  's_801x601,fit_cover',
  's_200x200,pos_top',
  's_100x300,position_right',
  's_400x100,pos_bottom',
  's_400x100,pos_attention',
  's_200x200,fit_inside',
  's_300x200,fit_inside',
  's_200x300,fit_fill',
  'enlarge,w_1000',
  'enlarge,s_800x750',
  'crop_100_50_600_400',
  'extract_100_50_600_400,w_300',
  'w_400,f_webp',
  'w_400,f_webp,q_90',
  'w_200,f_avif,q_80',
  'w_400,f_png',
  'w_300,rotate_90',
  's_400x200,rotate_270',
  'w_400,flip',
  'w_400,flop',
  'w_300,flip,flop,rotate_90',
  'w_300,flop,rotate_90',
  'w_400,blur_3',
  'w_400,grayscale',
  'w_400,negate',
  'w_400,median_3',
];

describe('Beside IPX of the registry', () => {
  it.each(modifiers)('%s is of the same size and alike', async (words) => {
    const { ours, theirs, score } = await compare(
      { path: `/${words}/lake.jpg`, hits: 1 },
      `${server.url}/_ipx`,
      peer.origin,
    );
    expect([ours.status, ours.size, ours.type]).toEqual([200, theirs.size, theirs.type]);
    expect(score).toBeGreaterThanOrEqual(leastScore);
  });

  it('a name that no id can spell is the same picture', async () => {
    const { score } = await compare({ path: '/w_240/my%20scene.png', hits: 1 }, `${server.url}/_ipx`, peer.origin);
    expect(score).toBeGreaterThanOrEqual(leastScore);
  });

  it('an access log is rehearsed: sizes, scores, refused words, bytes', async () => {
    const line = (path: string) => `1.2.3.4 - - [21/Nov/2026:10:00:00 +0000] "GET ${path} HTTP/1.1" 200 1234 "-" "x"`;
    const log = ['/w_400/lake.jpg', '/w_400/lake.jpg', '/w_300,gamma_2/lake.jpg', '/w_200,f_webp/lake.jpg'].map(line);
    await writeFile(join(folder, 'access.log'), log.join('\n'));
    const asked = sampleOf(pathsIn(log.join('\n')), 10);
    expect(asked.map(({ hits }) => hits)).toEqual([2, 1, 1]);
    const compared: Comparison[] = [];
    for (const each of asked) compared.push(await compare(each, `${server.url}/_ipx`, peer.origin));
    const report = reportOf(compared);
    expect(report).toContain('3 URLs: 2 pictures on both sides, 2 of equal size, 1 answered by the peer alone');
    expect(report).toMatch(/300×225 → status 400\t–\t.*\tgamma_2\t/);
    expect(report).toMatch(/bytes: \d+ there, \d+ here, \d+ (saved|more)/);
  });
});
