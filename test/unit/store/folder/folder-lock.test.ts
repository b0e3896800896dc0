import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lockFolder } from '../../../../src/store/folder/folder-lock.ts';
import { nameWithIdentity } from '../../../../src/store/folder/process-identity.ts';

let folder: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tintype-lock-'));
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

const lockModule = JSON.stringify(new URL('../../../../dist/store/folder/folder-lock.js', import.meta.url).href);

/** A process that tries to lock the folder, says `locked` or the error's sentence, and stays until it is killed. */
async function anotherProcess(): Promise<{ readonly child: ChildProcess; readonly said: string }> {
  const script = `
    import { lockFolder } from ${lockModule};
    setInterval(() => {}, 1000);
    lockFolder(${JSON.stringify(folder)}).then(() => console.log('locked'), (error) => console.log(error.message));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const said = await new Promise<string>((resolve) => createInterface(child.stdout).once('line', resolve));
  return { child, said };
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

const locks = async (): Promise<string[]> => (await readdir(folder)).filter((name) => name.startsWith('.lock.'));

describe('one process has a folder', () => {
  test('a second one is told which folder and which process', async () => {
    const { child, said } = await anotherProcess();
    expect(said).toBe('locked');
    await expect(lockFolder(folder)).rejects.toThrow(
      `The folder ${folder} is in use by process ${child.pid}; stop it or use another folder`,
    );
    expect(await locks()).toHaveLength(1);
  });

  test('it may not even take the folder twice itself', async () => {
    const lock = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toThrow(`in use by process ${process.pid};`);
    await lock.release();
    await (await lockFolder(folder)).release();
    expect(await locks()).toEqual([]);
  });

  test('of many that come at once never two stay', async () => {
    const all = await Promise.all(Array.from({ length: 4 }, anotherProcess));
    const stayed = all.filter(({ said }) => said === 'locked');
    expect(stayed.length).toBeLessThanOrEqual(1);
    expect(await locks()).toHaveLength(stayed.length);
  });
});

describe('a dead process has none', () => {
  test('what kill -9 leaves does not stop the next start', async () => {
    const { child, said } = await anotherProcess();
    expect(said).toBe('locked');
    await kill(child);
    expect(await locks()).toHaveLength(1);
    const lock = await lockFolder(folder);
    expect(await locks()).toHaveLength(1);
    await lock.release();
  });

  test('nor does its pid in the hands of another process', async () => {
    const mine = await nameWithIdentity('.lock');
    const [, , pid, started, space] = mine.split('.');
    await writeFile(join(folder, `.lock.${pid}.${Number(started) - 1}.${space}.abc`), '');
    await (await lockFolder(folder)).release();
    expect(await locks()).toEqual([]);
  });

  test('nor does a zombie, which its parent has not buried yet', async () => {
    // sh execs into sleep, so nobody waits for the process in the background.
    const sh = spawn('sh', ['-c', 'sleep 1000 & echo $!; exec sleep 1000'], { stdio: ['ignore', 'pipe', 'ignore'] });
    children.push(sh);
    const pid = Number(await new Promise<string>((resolve) => createInterface(sh.stdout).once('line', resolve)));
    const started = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(' ')[21];
    const space = (await nameWithIdentity('.lock')).split('.')[4];
    await writeFile(join(folder, `.lock.${pid}.${started}.${space}.abc`), '');
    await expect(lockFolder(folder)).rejects.toThrow(`in use by process ${pid};`);
    process.kill(pid, 'SIGKILL');
    await expect.poll(async () => (await readFile(`/proc/${pid}/stat`, 'utf8')).split(' ')[2]).toBe('Z');
    await (await lockFolder(folder)).release();
  });
});

describe('a process of another container is known by its beat', () => {
  const foreign = '.lock.1.100.0123456789abcdef.abc';
  const quick = { beat: 10, patience: 400 };

  test('a silent one is dead', async () => {
    await writeFile(join(folder, foreign), '');
    await (await lockFolder(folder, quick)).release();
    expect(await locks()).toEqual([]);
  });

  test('a beating one is alive', async () => {
    await writeFile(join(folder, foreign), '');
    const beating = setInterval(() => void utimes(join(folder, foreign), new Date(), new Date()), 10);
    await expect(lockFolder(folder, quick)).rejects.toThrow('in use by process 1 of another container or machine');
    clearInterval(beating);
    expect(await locks()).toEqual([foreign]);
  });

  test('a lock that went with its folder comes back with the next beat', async () => {
    const lock = await lockFolder(folder, quick);
    await rm(join(folder, (await locks())[0] ?? ''));
    await expect.poll(locks).toHaveLength(1);
    await lock.release();
  });
});
