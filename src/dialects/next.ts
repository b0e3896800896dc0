import type { Dialect, PeerSource } from './dialect.ts';
import { webSourceOf } from './sources.ts';
import { TransformWriter } from './spelling.ts';

/** All three are needed there; `dpl` names a deployment and no picture. */
const needed = ['url', 'w', 'q'];

/** `/_next/image?url=…&w=…&q=…`: never enlarged, in the best format the client takes (nextjs.org/docs/app/api-reference/components/image). */
export const nextDialect: Dialect = {
  name: 'next',
  product: 'Next.js image optimizer',
  prefix: '/_next/image',
  example: '?url=%2Fcat.jpg&w=640&q=75',
  signing: null,
  translate({ path, query }) {
    const spelling = new TransformWriter(`${path}?${query}`);
    if (path !== '') spelling.wrong(path, 'nothing behind the path but url, w and q');
    let source: PeerSource | null = null;
    const words = new URLSearchParams(query);
    for (const name of needed) {
      if (words.getAll(name).length !== 1) spelling.wrong(`?${query}`, `${name} once`);
    }
    for (const [name, value] of words) {
      if (name === 'url' && /^(\/(?!\/)|[a-z]+:)/i.test(value)) source = webSourceOf(spelling, value);
      else if (name === 'url') spelling.wrong(`url=${value}`, 'a path from the root, or a URL with its scheme');
      else if (name === 'w') spelling.word('w', value, `w=${value}`);
      else if (name === 'q') spelling.word('q', value, `q=${value}`);
      else if (name !== 'dpl') spelling.refuse(`${name}=${value}`);
    }
    spelling.word('f', 'auto', '');
    return spelling.translation(source);
  },
};
