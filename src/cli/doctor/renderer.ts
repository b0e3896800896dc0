import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Check, failed, passed, sentenceOf } from './check.ts';

/** The same place from the sources and from what they are built into. */
const sample = new URL('../../../fixtures/sample.jpg', import.meta.url);

/** sharp, and the processes it runs in: by reading a picture as an upload is read. */
export const rendererCheck: Check = {
  name: 'sharp',
  run: async ({ config, scratchFolder }) => {
    const { startRenderer } = await import('../../render/workers/start.ts');
    const { uploadPolicyOf: policyOf } = await import('../../config/derived.ts');
    const path = join(scratchFolder, 'sample.jpg');
    await copyFile(sample, path);
    const { deadline, workerMemory: memory } = config;
    const options = { workers: 'process', size: 1, deadline, memory, environment: {} } as const;
    try {
      const renderers = await startRenderer({ ...options, ended: () => undefined, report: () => undefined });
      try {
        const { width, height } = await renderers.inspect({ path, version: '0'.repeat(64) }, policyOf(config));
        return [passed('sharp', `a rendering process read a picture of ${width}×${height}`)];
      } finally {
        await renderers.close();
      }
    } catch (cause) {
      const mend = `Install anew with npm ci, without --omit=optional: sharp's binaries for ${process.platform}-${process.arch} come as optional packages`;
      return [failed('sharp', sentenceOf(cause), mend)];
    }
  },
};
