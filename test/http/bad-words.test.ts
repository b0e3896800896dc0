import { afterAll, beforeAll, expect, it } from 'vitest';
import { keys } from '../../src/transform/params/index.ts';
import { badWords, conflicts } from '../support/bad-words.ts';
import { header, type Running, solid, startTintype } from '../support/tintype.ts';

let server: Running;

beforeAll(async () => {
  server = await startTintype({ TINTYPE_STORE: 'memory:', TINTYPE_WORKERS: 'none' });
  await server.put('cat', await solid('#ff8800', 40, 30));
});
afterAll(() => server.close());

it.each([...badWords, ...conflicts])('GET /img/cat/$words is a 400, since $why', async ({ words }) => {
  const answer = await server.get(`/img/cat/${words}`);
  expect([answer.status, header(answer, 'cache-control')]).toEqual([400, 'public, max-age=300']);
  expect(header(answer, 'content-type')).toBe('application/problem+json');
  expect(await answer.json()).toMatchObject({
    code: 'bad-words',
    mistakes: expect.arrayContaining([
      expect.objectContaining({
        position: expect.any(Number),
        received: expect.any(String),
        expected: expect.any(String),
        example: expect.any(String),
      }),
    ]),
  });
});

it('the same words are refused whether or not the original is there', async () => {
  for (const { words } of conflicts) expect((await server.get(`/img/nobody/${words}`)).status).toBe(400);
});

it('10 kB of a value is a 414', async () => {
  for (const key of keys) expect((await server.get(`/img/cat/${key}_${'9'.repeat(10_000)}`)).status).toBe(414);
});

it('nothing of it was our fault', () => {
  expect(server.reports).toEqual([]);
});
