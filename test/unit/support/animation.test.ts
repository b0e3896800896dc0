import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { toSharp } from '../../../fixtures/draw/canvas.ts';
import { drawScene } from '../../../fixtures/draw/scene.ts';
import { drawAnimation, manyFrames } from '../../support/animation.ts';
import { likeness } from '../../support/likeness.ts';

describe('a drawn animation', () => {
  it('pans over the scene', async () => {
    const gif = drawAnimation({ width: 96, height: 64, frames: 4, delay: 70 });
    const facts = await sharp(gif, { animated: true }).metadata();
    expect([facts.pages, facts.width, facts.pageHeight, facts.loop]).toEqual([4, 96, 64, 0]);
    expect(facts.delay).toEqual([70, 70, 70, 70]);
    const wide = await toSharp(drawScene(192, 64)).png().toBuffer();
    const places = [
      [0, 0],
      [2, 48],
    ] as const;
    for (const [page, left] of places) {
      const expected = await sharp(wide).extract({ left, top: 0, width: 96, height: 64 }).png().toBuffer();
      const frame = await sharp(gif, { page }).png().toBuffer();
      expect((await likeness(expected, frame)).colour).toBeLessThan(6);
    }
  });

  it('can have very many frames and few bytes', async () => {
    const gif = manyFrames(10_000);
    expect(gif.length).toBeLessThan(300_000);
    expect((await sharp(gif, { animated: true }).metadata()).pages).toBe(10_000);
  });
});
