import { expect, it, onTestFinished } from 'vitest';
import { drawPhoto } from '../support/photo.ts';
import { startTintype } from '../support/tintype.ts';

it('A page of 40 thumbnails that are asked for at once and for the first time is answered whole', async () => {
  const server = await startTintype({ TINTYPE_RENDERS: '2', TINTYPE_QUEUE_WAIT: '60s' });
  onTestFinished(() => server.close());
  await server.put('photo', new Uint8Array(await drawPhoto(640, 480)));
  const widths = Array.from({ length: 40 }, (_, index) => 100 + index);
  const answers = await Promise.all(widths.map((width) => server.get(`/img/photo/w_${width},f_jpg`)));
  expect(answers.map(({ status }) => status)).toEqual(widths.map(() => 200));
});
