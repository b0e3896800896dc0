import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** The picture that a page shows as its answer. */
export interface Answer {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue of the whole. */
  readonly colour: readonly number[];
}

export function seenOn(page: Page): Promise<Answer> {
  return page.evaluate<Answer>(`(() => {
    const image = document.querySelector('#after');
    const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 });
    const context = canvas.getContext('2d');
    if (image.naturalWidth > 0) context.drawImage(image, 0, 0, 1, 1);
    const colour = [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
    return { width: image.naturalWidth, height: image.naturalHeight, colour };
  })()`);
}

/** Lets a file fall onto the page, as from a desktop. */
export async function drop(page: Page, name: string, bytes: Buffer): Promise<void> {
  await page.evaluate(`(() => {
    const bytes = Uint8Array.from(atob('${bytes.toString('base64')}'), (one) => one.charCodeAt(0));
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([bytes], '${name}', { type: 'image/jpeg' }));
    for (const type of ['dragover', 'drop']) {
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    }
  })()`);
}

/** What keeps people out, as axe-core finds it. */
export async function seriousFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>('axe.run()');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
