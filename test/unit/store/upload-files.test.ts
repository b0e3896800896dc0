import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { UploadFiles } from '../../../src/store/upload-files.ts';
import { startTintype, withToken } from '../../support/tintype.ts';

async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tintype-uploads-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

describe('Temporary files of uploads', () => {
  it('are gone when their upload ends, however it ends', async () => {
    const folder = await freshFolder();
    const files = new UploadFiles(folder);
    const upload = (end: () => string) =>
      files.withFile(async (path) => {
        await Promise.all([path, `${path}.prepared`].map((file) => writeFile(file, 'bytes')));
        return end();
      });
    expect(await upload(() => 'stored')).toBe('stored');
    await expect(
      upload(() => {
        throw new Error('refused');
      }),
    ).rejects.toThrow('refused');
    expect(await readdir(folder)).toEqual([]);
  });

  it('of an upload in progress survive a sweep, however old the clock says they are', async () => {
    const folder = await freshFolder();
    const files = new UploadFiles(folder);
    await writeFile(join(folder, 'upload-left-over'), 'bytes');
    await files.withFile(async (path) => {
      for (const file of [path, `${path}.prepared`]) {
        await writeFile(file, 'bytes');
        await utimes(file, 0, 0);
      }
      await files.sweep();
      expect(await readdir(folder)).toHaveLength(2);
    });
  });

  it('need no folder to be swept', async () => {
    await expect(new UploadFiles(join(await freshFolder(), 'none')).sweep()).resolves.toBeUndefined();
  });
});

describe('POST /sweep', () => {
  it('removes temporary files that uploads left, and nothing else of their folder; a dry run removes none', async () => {
    const folder = await freshFolder();
    const server = await startTintype({ TINTYPE_STORE: `file:${folder}`, TINTYPE_WORKERS: 'none' });
    onTestFinished(() => server.close());
    const names = ['not-of-an-upload', 'upload-old', 'upload-old.prepared'];
    for (const name of names) await writeFile(join(folder, 'tmp', name), 'bytes');
    const left = async () => (await readdir(join(folder, 'tmp'))).filter((name) => names.includes(name));
    await server.send('POST', '/sweep?dryRun', { headers: withToken });
    expect(await left()).toEqual(names);
    expect((await server.send('POST', '/sweep', { headers: withToken })).status).toBe(200);
    expect(await left()).toEqual(['not-of-an-upload']);
  });
});
