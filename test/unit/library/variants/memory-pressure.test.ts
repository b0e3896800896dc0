import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemoryCache } from '../../../../src/library/variants/memory-cache.ts';
import { MemoryPressure } from '../../../../src/library/variants/memory-pressure.ts';
import { containerMemory } from '../../../../src/platform/os-limits.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tintype-cgroup-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A control group as Linux shows it; sizes in bytes. */
async function group(limit: string, current: number, inactiveFiles: number): Promise<void> {
  await writeFile(join(folder, 'memory.max'), `${limit}\n`);
  await writeFile(join(folder, 'memory.current'), `${current}\n`);
  await writeFile(join(folder, 'memory.stat'), `anon 1\nfile 2\ninactive_file ${inactiveFiles}\nactive_file 3\n`);
}

function filled(): MemoryCache {
  const memory = new MemoryCache(1e6);
  for (let index = 0; index < 10; index++) memory.set(`v/0/cat/v.0/${index}.1x1.webp`, new Uint8Array(10_000));
  return memory;
}

describe('In a container that runs short of memory', () => {
  it('variants in memory are given up, the least recently served first, until there is room', async () => {
    await group('1000000', 950_000, 0);
    const memory = filled();
    memory.get('v/0/cat/v.0/0.1x1.webp');
    const reports: string[] = [];
    const look = () => containerMemory(folder);
    const memoryPressure = new MemoryPressure({
      memory,
      read: look,
      every: 1e6,
      report: (sentence) => reports.push(sentence),
    });
    const before = memory.bytes;
    expect(memoryPressure.relieve()).toBeGreaterThanOrEqual(before / 2);
    expect(memory.get('v/0/cat/v.0/0.1x1.webp')).toBeDefined();
    expect(memory.get('v/0/cat/v.0/1.1x1.webp')).toBeUndefined();
    expect(reports).toHaveLength(1);
    await group('1000000', 950_000, 100_000);
    expect(memoryPressure.relieve()).toBe(0);
    memoryPressure.stop();
  });

  it('or in none, or one without a limit, nothing is given up', async () => {
    await group('max', 950_000, 0);
    expect(containerMemory(folder)).toBeNull();
    expect(containerMemory(join(folder, 'nowhere'))).toBeNull();
  });
});
