import { byId, bytesText, make } from './elements.js';
import { ask, Declined } from './server.js';

const pageSize = 24;
let query = new URLSearchParams();
let hasThumb = true;

/** A picture of the source that was not asked for yet has no sides and no version. */
function card({ id, path, width, height, bytes, tags = [], version = '' }, show) {
  const words = hasThumb ? 'thumb' : 'c_limit,f_webp,h_150,w_150';
  const image = make('img', { src: `/img/${id}/${words}/${id}.webp?${version.slice(0, 8)}`, alt: '', loading: 'lazy' });
  const sides = width === undefined ? '' : `${width} × ${height}, `;
  const facts = `${sides}${bytesText(bytes)}${tags.length === 0 ? '' : `, ${tags.join(' ')}`}`;
  const button = make('button', { type: 'button' }, image, make('strong', {}, path ?? id), make('span', {}, facts));
  button.addEventListener('click', () => {
    byId('gallery').close();
    show(id);
  });
  return make('li', {}, button);
}

function complain(text) {
  byId('search-trouble').textContent = text;
  byId('search-trouble').hidden = text === '';
}

async function page(show) {
  try {
    const { originals, cursor } = await ask('Listing pictures', 'GET', `/originals?${query}`);
    complain('');
    byId('found').append(...originals.map((original) => card(original, show)));
    if (byId('found').childElementCount === 0) complain('Nothing is stored that fits.');
    byId('more').hidden = cursor === null;
    if (cursor !== null) query.set('cursor', cursor);
  } catch (problem) {
    if (problem instanceof Declined) byId('gallery').close();
    complain(problem.message);
  }
}

function search(show) {
  query = new URLSearchParams({ limit: String(pageSize) });
  for (const [name, value] of new FormData(byId('search'))) if (value.trim() !== '') query.set(name, value.trim());
  byId('found').replaceChildren();
  return page(show);
}

/** As of the last sweep; before the first there is nothing to say. */
async function showStats() {
  const { asOf, originals, variants } = await ask('Figures', 'GET', '/stats');
  const text = `${originals.count} originals (${bytesText(originals.bytes)}), ${variants.count} variants (${bytesText(variants.bytes)})`;
  byId('stats').textContent = asOf === null ? '' : `${text} as of ${new Date(asOf).toLocaleString()}`;
}

export function startGallery({ presets, hasSource }, show) {
  byId('from-source').hidden = !hasSource;
  byId('search').elements.source.checked = hasSource;
  hasThumb = Object.hasOwn(presets, 'thumb');
  byId('browse').addEventListener('click', async () => {
    byId('gallery').showModal();
    await search(show);
    if (byId('gallery').open) await showStats().catch(() => {});
  });
  byId('search').addEventListener('submit', (event) => {
    event.preventDefault();
    void search(show);
  });
  byId('more').addEventListener('click', () => page(show));
  byId('gallery-close').addEventListener('click', () => byId('gallery').close());
}
