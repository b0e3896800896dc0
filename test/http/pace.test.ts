import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { drawPhoto } from '../support/photo.ts';
import { header, type Running, startTintype, withToken } from '../support/tintype.ts';

let photo: Uint8Array<ArrayBuffer>;
let calm: Running;

beforeAll(async () => {
  photo = new Uint8Array(await drawPhoto(900, 600, { quality: 92, seed: 7 }));
  calm = await startTintype();
  await calm.put('photo', photo);
});
afterAll(() => calm.close());

const lengthOf = async (running: Running, width: number) => {
  const answer = await running.get(`/img/photo/f_avif,w_${width}`);
  expect(answer.status).toBe(200);
  return Number(header(answer, 'content-length'));
};

async function fresh(environment: Readonly<Record<string, string>> = {}): Promise<Running> {
  const running = await startTintype(environment);
  onTestFinished(() => running.close());
  return running;
}

describe('What an encoding may take', () => {
  it('is more while nobody waits: a job makes a smaller file under the same name', async () => {
    const running = await fresh();
    const stored = await running.send('PUT', '/originals/photo?eager=f_avif,w_500', {
      headers: { ...withToken, prefer: 'respond-async' },
      body: photo,
    });
    expect(stored.status).toBe(202);
    const job = async () =>
      (await (await running.get(header(stored, 'location'), withToken)).json()) as { status: string };
    await expect.poll(async () => (await job()).status, { timeout: 20_000 }).toBe('complete');
    const answer = await running.get('/img/photo/f_avif,w_500');
    expect(header(answer, 'cache-status')).toContain('hit');
    const usual = await calm.get('/img/photo/f_avif,w_500');
    expect(Number(header(answer, 'content-length'))).toBeLessThan(Number(header(usual, 'content-length')));
  });

  it('is less while more wait than can run, and as usual for the last of them', async () => {
    const running = await fresh({ TINTYPE_RENDERS: '1' });
    await running.put('photo', photo);
    const widths = [360, 361, 362, 363, 364, 365];
    const crowded = await Promise.all(widths.map((width) => lengthOf(running, width)));
    const usual: number[] = [];
    for (const width of widths) usual.push(await lengthOf(calm, width));
    const larger = widths.filter((_, index) => (crowded[index] ?? 0) > (usual[index] ?? 0));
    expect(larger.length).toBeGreaterThanOrEqual(2);
    expect(widths.length - larger.length).toBeGreaterThanOrEqual(2);
  });
});
