import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokenFor } from '../../src/cli/shell/token.ts';

describe('The token that a command brings', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tintype-token-'));
    await writeFile(join(folder, 'token'), 'found-in-the-folder\n');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(['http://127.0.0.1:3000', 'http://127.9.9.9', 'http://localhost:8080', 'http://[::1]:3000'])(
    'is that of the folder for %s',
    async (url) => {
      expect(await tokenFor(new URL(url), { TINTYPE_STORE: `file:${folder}` })).toBe('found-in-the-folder');
    },
  );

  it.each([
    'http://10.0.0.1:3000',
    'https://img.example.com',
    'http://localhost.example.com',
    'http://127.0.0.1.example.com',
    'http://127.example.com',
    'http://[::2]',
    'http://128.0.0.1',
  ])('is none where nobody gave it for %s', async (url) => {
    expect(await tokenFor(new URL(url), { TINTYPE_STORE: `file:${folder}` })).toBeNull();
  });

  it('is the one that was given, for everybody', async () => {
    const environment = { TINTYPE_STORE: `file:${folder}`, TINTYPE_TOKEN: 'given' };
    expect(await tokenFor(new URL('https://img.example.com'), environment)).toBe('given');
    expect(await tokenFor(new URL('http://127.0.0.1'), environment)).toBe('given');
    expect(await tokenFor(new URL('http://127.0.0.1'), { TINTYPE_STORE: 's3://bucket' })).toBeNull();
    expect(await tokenFor(new URL('http://127.0.0.1'), { TINTYPE_STORE: 'file:/nowhere/at/all' })).toBeNull();
  });
});
