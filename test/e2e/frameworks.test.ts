import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixtureBytes } from '../support/photo.ts';
import { built, type ServerProcess, serverToken, startServer } from '../support/server-process.ts';
import { newProject, type Project, run } from './support/packed.ts';

/** Our package beside the real ones, which are too large to be installed with everything else. */

const next = ['next@16.4.6', 'react@19.3.1', 'react-dom@19.3.1'];
const nuxtImage = '@nuxt/image@2.1.0';

let project: Project;
let server: ServerProcess;

beforeAll(async () => {
  [project, server] = await Promise.all([newProject(), startServer({ TINTYPE_STORE: 'memory:' }, undefined, built)]);
  await project.install([...next, nuxtImage], '--omit=optional');
  await project.unpack();
  const headers = { authorization: `Bearer ${serverToken}` };
  const body = new Uint8Array(fixtureBytes('scene.jpg'));
  const put = await fetch(`${server.url}/originals/products:shoe.jpg`, { method: 'PUT', headers, body });
  expect(put.status).toBe(201);
});
afterAll(() => Promise.all([project?.remove(), server?.end('SIGKILL')]));

async function sizeOf(url: string): Promise<readonly [width: number, height: number, format: string]> {
  const answer = await fetch(url);
  expect(`${url} ${answer.status}`).toBe(`${url} 200`);
  const { width, height, format } = await sharp(new Uint8Array(await answer.arrayBuffer())).metadata();
  return [width, height, format];
}

const urlsIn = (set: string) => set.split(', ').map((one) => one.split(' ')[0] ?? '');

describe('next/image', () => {
  it('prints our URLs, and each is answered', async () => {
    const program = `
      import { getImageProps } from 'next/image.js';
      import loader from 'tintype/client/next-loader';
      const { props } = getImageProps({ src: '/products/shoe.jpg', width: 200, height: 150, quality: 75, alt: '', loader });
      console.log(JSON.stringify(props));`;
    const props = JSON.parse(await project.say(program, { NEXT_PUBLIC_TINTYPE_URL: server.url }));
    expect(props.srcSet).toContain(`${server.url}/img/products:shoe.jpg/f_webp,q_75,w_256/products%3Ashoe.jpg.webp 1x`);
    for (const url of [props.src, ...urlsIn(props.srcSet)]) expect((await sizeOf(url))[2]).toBe('webp');
  });

  it('takes a loader of other words', async () => {
    const program = `
      import { getImageProps } from 'next/image.js';
      import { nextLoader } from 'tintype/client/next';
      const loader = nextLoader({ base: '${server.url}' }, { format: 'avif', ar: '2:1' });
      console.log(getImageProps({ src: 'products:shoe.jpg', width: 64, height: 32, alt: '', loader }).props.src);`;
    expect(await sizeOf((await project.say(program)).trim())).toEqual([128, 64, 'heif']);
  });

  // The compiler for a build weighs 130 MB: in the long run alone.
  if (process.env['TINTYPE_LONG'] === '1') {
    it('builds with our file as its loader', buildsWithOurLoader);
  }
});

async function buildsWithOurLoader(): Promise<void> {
  const site = await newProject();
  await site.install(next);
  await site.unpack();
  const loaderFile = './node_modules/tintype/dist/client/next-loader.js';
  const files = {
    'next.config.mjs': `export default { images: { loader: 'custom', loaderFile: '${loaderFile}' } };`,
    'app/layout.jsx': 'export default ({ children }) => <html lang="en"><body>{children}</body></html>;',
    'app/page.jsx': `import Image from 'next/image';
        export default () => <Image src="/products/shoe.jpg" width={200} height={150} alt="A shoe" />;`,
  };
  await mkdir(join(site.folder, 'app'));
  for (const [file, text] of Object.entries(files)) await writeFile(join(site.folder, file), text);
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NEXT_PUBLIC_TINTYPE_URL: server.url };
  await run(process.execPath, ['node_modules/next/dist/bin/next', 'build'], { cwd: site.folder, env });
  const page = await readFile(join(site.folder, '.next/server/app/index.html'), 'utf8');
  const [, set = ''] = /srcSet="([^"]+)"/.exec(page) ?? [];
  expect(urlsIn(set).length).toBe(2);
  for (const url of urlsIn(set)) expect((await sizeOf(url))[2]).toBe('webp');
  await site.remove();
}

describe('Nuxt Image', () => {
  /** As its module sets providers up in the code that it generates. */
  const images = `
    import { createImage } from './node_modules/@nuxt/image/dist/runtime/image.js';
    import setup from 'tintype/client/nuxt';
    const image = createImage({
      provider: 'tintype',
      providers: { tintype: { setup, defaults: { baseURL: process.env.BASE } } },
      screens: { sm: 640, md: 768 },
      densities: [1, 2],
      presets: {}, alias: {}, domains: [], nuxt: { baseURL: '/' },
    });`;
  const ask = async (expression: string) =>
    JSON.parse(await project.say(`${images} console.log(JSON.stringify(${expression}));`, { BASE: server.url }));

  it.each([
    [{}, 'webp', 0],
    [{ width: 200, height: 100 }, 'webp', 2],
    [{ width: '200px', format: 'jpeg', quality: 70 }, 'jpeg', 0],
    [{ width: 200, height: 50, fit: 'contain', background: '#ff000080', format: 'png' }, 'png', 4],
    [{ width: 200, height: 50, fit: 'fill' }, 'webp', 4],
    [{ width: 200, height: 50, fit: 'outside' }, 'webp', 0],
    [{ width: 200, e: ['grayscale', 'blur:300'], g: undefined }, 'webp', 0],
  ])('prints a URL for %j, and it is answered', async (modifiers, format, ratio) => {
    const [width, height, type] = await sizeOf(await ask(`image('/products/shoe.jpg', ${JSON.stringify(modifiers)})`));
    expect(type).toBe(format);
    if (ratio !== 0) expect(width / height).toBe(ratio);
  });

  it('prints a URL for each of its sizes', async () => {
    const sizes = await ask(
      `image.getSizes('products:shoe.jpg', { sizes: 'sm:100px md:200px', modifiers: { format: 'avif' } })`,
    );
    for (const one of sizes.srcset.split(', ')) {
      const [url = '', descriptor] = one.split(' ');
      const [width] = await sizeOf(url);
      expect(`${width}w`).toBe(descriptor);
    }
  });
});
