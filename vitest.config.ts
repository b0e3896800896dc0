import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const report = process.env['TEST_REPORT'];
const sources = fileURLToPath(new URL('src/', import.meta.url));
const built = fileURLToPath(new URL('dist/', import.meta.url));

/** Tests import `src/*.ts`; they get the one build that `test/support/build.ts` makes, so no file is compiled twice. */
const oneBuild = {
  name: 'one-build',
  enforce: 'pre',
  resolveId(name: string, importer: string | undefined) {
    if (importer === undefined || !name.startsWith('.') || !name.endsWith('.ts')) return null;
    const path = resolve(dirname(importer), name);
    return path.startsWith(sources) ? `${built}${path.slice(sources.length, -'.ts'.length)}.js` : null;
  },
} as const;

/** `npm test` runs `self`: nothing but Node. `npm run test:e2e` runs `servers`: real S3, Redis, Varnish, nginx, Chromium. */
export default defineConfig({
  plugins: [oneBuild],
  test: {
    globalSetup: ['test/support/build.ts'],
    server: { deps: { external: [/\/dist\/.*\.js$/] } },
    maxWorkers: 2,
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: 'self', include: ['test/**/*.test.ts'], exclude: ['test/e2e/**'] } },
      {
        extends: true,
        test: { name: 'servers', include: ['test/e2e/**/*.test.ts'], fileParallelism: false, testTimeout: 120_000 },
      },
    ],
  },
});
