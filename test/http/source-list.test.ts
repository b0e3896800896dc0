import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Running, solid, startTintype, withToken } from '../support/tintype.ts';

interface Entry {
  readonly id: string;
  readonly path: string;
  readonly bytes: number;
  readonly modifiedAt: string;
  readonly url: string;
  readonly known: boolean;
}

const folders = ['', 'Urlaub 2024/', 'Größe/Übersicht/', 'shoes/red/', '日本/'];
const paths = Array.from({ length: 1000 }, (_none, at) => `${folders[at % folders.length]}Bild ${at} – ä.png`);

let root: string;
let server: Running;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tintype-source-'));
  const picture = await solid('#ff8800', 12, 8);
  const broken = ['notes.txt', '.hidden.png', '.git/x.png', 'broken.png'];
  for (const path of [...paths, ...broken]) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), path === 'broken.png' ? 'no picture' : picture);
  }
  await symlink('/etc', join(root, 'etc'));
  server = await startTintype({ TINTYPE_SOURCE: `file:${root}`, TINTYPE_WORKERS: 'none' });
});
afterAll(async () => {
  await server.close();
  await rm(root, { recursive: true, force: true });
});

const list = async (query: string) => {
  const answer = await server.get(`/originals?source${query}`, withToken);
  return { status: answer.status, body: (await answer.json()) as { originals: Entry[]; cursor: string | null } };
};

async function all(query: string): Promise<readonly Entry[]> {
  const found: Entry[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body } = await list(`${query}${cursor === '' ? '' : `&cursor=${cursor}`}`);
    found.push(...body.originals);
    ({ cursor } = body);
  }
  return found;
}

describe('A folder of 1 000 files with spaces, umlauts and subfolders', () => {
  it('is listed by path, a page at a time, without having been asked for, each file once', async () => {
    const found = await all('&limit=300');
    expect(found.map(({ path }) => path).sort()).toEqual([...paths, 'broken.png'].sort());
    expect(found.every(({ known, bytes }) => !known && bytes > 0)).toBe(true);
    expect(await all('&limit=1000')).toEqual(found);
  });

  it('is listed below a folder, spelled as a path or as the beginning of an id', async () => {
    const wanted = paths.filter((path) => path.startsWith('shoes/red/')).length;
    for (const prefix of ['shoes/red/', 'shoes:red:']) {
      expect((await all(`&limit=1000&prefix=${encodeURIComponent(prefix)}`)).length).toBe(wanted);
    }
    expect((await all(`&prefix=${encodeURIComponent('Größe/')}&limit=1000`)).length).toBe(200);
    expect(await all('&prefix=../')).toEqual([]);
  });

  it('is served under the URLs of the list, and known from then on', async () => {
    const { originals } = (await list('&limit=5')).body;
    for (const { url } of originals.filter(({ path }) => path !== 'broken.png')) {
      expect((await server.get(`${url}/w_6,f_webp`)).status).toBe(200);
    }
    const again = (await list('&limit=5')).body.originals;
    expect(again.map(({ known }) => known)).toEqual(again.map(({ path }) => path !== 'broken.png'));
  });

  it('is warmed, also what nobody has asked for', async () => {
    const prefix = 'shoes:red:';
    const body = JSON.stringify({ presets: ['w_5,f_webp'], prefix });
    const begun = await server.send('POST', '/jobs', { headers: withToken, body });
    const { id } = (await begun.json()) as { id: string };
    const job = await vi.waitFor(
      async () => {
        const read = (await (await server.get(`/jobs/${id}`, withToken)).json()) as {
          status: string;
          results: unknown;
        };
        expect(read.status).toBe('complete');
        return read;
      },
      { timeout: 50_000, interval: 200 },
    );
    expect(job.results).toEqual([{ originals: 200, variants: 200, failed: 0 }]);
    expect((await list(`&prefix=${prefix}&limit=1000`)).body.originals.every(({ known }) => known)).toBe(true);
  });

  it('is counted in the figures, as of the last sweep', async () => {
    await server.send('POST', '/sweep', { headers: withToken });
    const figures = async () => (await server.get('/stats', withToken)).json();
    await vi.waitFor(async () => expect(await figures()).toMatchObject({ source: { count: 1001 } }), {
      timeout: 20_000,
    });
  });

  it.each(['&tag=a', '&since=7d', '=no', '&cursor=!', '&limit=0', '&prefix=shoes&cursor=QQ'])(
    'is not listed with %s',
    async (query) => {
      expect((await list(query)).status).toBe(400);
    },
  );
});

it('A server without a source says how to get one', async () => {
  const plain = await startTintype({ TINTYPE_WORKERS: 'none' });
  try {
    const answer = await plain.get('/originals?source', withToken);
    expect([answer.status, await answer.json()]).toMatchObject([
      400,
      { detail: expect.stringContaining('TINTYPE_SOURCE') },
    ]);
  } finally {
    await plain.close();
  }
});
