import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure, failures } from '../../src/errors.ts';
import type { SourceFacts } from '../../src/render/source-facts.ts';
import type { UploadPolicy } from '../../src/render/validation/upload-policy.ts';
import { validateUpload } from '../../src/render/validation/validate.ts';

/** The defaults of the configuration. */
export const policy: UploadPolicy = {
  formats: ['jpg', 'png', 'webp', 'avif', 'gif', 'tiff'],
  maxPixels: 50_000_000,
  maxTotalPixels: 100_000_000,
  maxFrames: 256,
  svg: 'off',
};

/** Status and sentence of a refusal. */
export interface Refusal {
  readonly status: number;
  readonly sentence: string;
}

/** Does something with bytes in a file whose name says nothing. */
export async function inFile<T>(bytes: Uint8Array, work: (path: string) => T): Promise<Awaited<T>> {
  const folder = mkdtempSync(join(tmpdir(), 'tintype-validation-'));
  try {
    const path = join(folder, 'upload');
    writeFileSync(path, bytes);
    return await work(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Validates the bytes and returns their facts. */
export function letIn(bytes: Uint8Array, changes: Partial<UploadPolicy> = {}): Promise<SourceFacts> {
  return inFile(bytes, (path) => validateUpload(path, { ...policy, ...changes }));
}

/** The refusal of bytes that must not come in; throws where they do, or where something else went wrong. */
export async function turnAway(bytes: Uint8Array, changes: Partial<UploadPolicy> = {}): Promise<Refusal> {
  return refusalOf(letIn(bytes, changes));
}

async function refusalOf(inspected: Promise<SourceFacts>): Promise<Refusal> {
  const facts = await inspected.catch((error: unknown) => {
    if (error instanceof Failure) return error;
    throw error;
  });
  if (facts instanceof Failure) return { status: failures[facts.kind].status, sentence: facts.message };
  throw new Error(`Expected a refusal but it came in: ${JSON.stringify(facts)}`);
}

export interface Costs {
  readonly refusal: Refusal;
  /** Milliseconds of this process's CPUs. */
  readonly cpu: number;
  /** Bytes of memory more than before. */
  readonly memory: number;
}

/** What a refusal costs: the cheapest of three, since whatever else runs here is counted too. */
export function costOfTurningAway(bytes: Uint8Array): Promise<Costs> {
  return inFile(bytes, async (path) => {
    const tries = [];
    for (let attempt = 0; attempt < 3; attempt++) tries.push(await measure(path));
    const [first, ...others] = tries;
    if (first === undefined) throw new Error('Expected three tries');
    return others.reduce((best, next) => (next.cpu < best.cpu ? { ...next, memory: first.memory } : best), first);
  });
}

async function measure(path: string): Promise<Costs> {
  const [before, begun] = [process.memoryUsage().rss, process.cpuUsage()];
  const refusal = await refusalOf(validateUpload(path, policy));
  const { user, system } = process.cpuUsage(begun);
  return { refusal, cpu: (user + system) / 1000, memory: process.memoryUsage().rss - before };
}
