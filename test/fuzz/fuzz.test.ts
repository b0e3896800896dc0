import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Running, startTintype } from '../support/tintype.ts';
import { keep, ofServer, pure } from './properties.ts';

let server: Running;
const names = ofServer(null as unknown as Running).map(({ name }) => name);
const long = process.env['TINTYPE_LONG'] === '1';

beforeAll(async () => {
  server = await startTintype({ TINTYPE_WORKERS: 'none', TINTYPE_STORE: 'memory:' });
  expect((await keep(server)).status).toBe(201);
});
afterAll(() => server.close());

describe('Threats E5, E6 and E11: whatever a stranger sends as', () => {
  it.each(pure)('$name', async ({ property }) => {
    await fc.assert(property, { numRuns: long ? 50_000 : 3000 });
  });

  it.each(names)('%s', async (wanted) => {
    const found = ofServer(server).find(({ name }) => name === wanted);
    if (found !== undefined) await fc.assert(found.property, { numRuns: long ? 2000 : 100 });
  });
});
