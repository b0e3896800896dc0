import { defineConfig } from 'vitest/config';

const report = process.env['TEST_REPORT'];

/** `npm test` runs `self`: nothing but Node. `npm run test:e2e` runs `servers`: real S3, Redis, Varnish, nginx, Chromium. */
export default defineConfig({
  test: {
    execArgv: ['--import', 'tsx'],
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
