import { showMistakes } from './controls.js';
import { byId, bytesText } from './elements.js';
import { problemOf } from './server.js';
import { printPath, state } from './words.js';

/** Milliseconds between two questions to the server, at least: a hand goes on moving. */
const patience = 60;

/** What is shown now: its path with a file name, its media type and its sides; null where there is none. */
export const shown = { answer: null };

let formats = [];
let timer = 0;
let last = Number.NEGATIVE_INFINITY;
let asking = new AbortController();
let told = () => {};

/** `tell` is called after every answer. */
export function startPreview(catalogue, tell) {
  formats = catalogue.formats;
  told = tell;
}

/** Asks at once where nobody asked lately, else soon; a later wish takes the place of an earlier one. */
export function previewSoon() {
  const wait = Math.max(0, last + patience - performance.now());
  clearTimeout(timer);
  timer = setTimeout(previewNow, wait);
}

export async function previewNow() {
  last = performance.now();
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  if (state.id === '') return;
  byId('answer').setAttribute('aria-busy', 'true');
  const printed = printPath();
  try {
    const begun = performance.now();
    const response = await fetch(printed.path, { signal, cache: 'no-store' });
    if (!response.ok) refused(await problemOf(response), printed);
    else await answered(response, printed, begun, signal);
    byId('answer').removeAttribute('aria-busy');
  } catch (thrown) {
    if (signal.aborted) return;
    byId('answer').removeAttribute('aria-busy');
    refused({ message: `The server did not answer (${thrown.message})`, mistakes: [] }, printed);
  }
}

/** The whole sentence here, and each mistake at its control, which may be out of sight. */
function refused({ message, mistakes }, { places }) {
  showMistakes(mistakes, places);
  byId('trouble').textContent = message;
  byId('trouble').hidden = false;
  byId('answer').classList.add('refused');
  byId('figures').textContent = 'Refused';
  shown.answer = null;
  told();
}

async function answered(response, { path, places }, begun, signal) {
  const blob = await response.blob();
  const took = performance.now() - begun;
  const mediaType = (response.headers.get('content-type') ?? '').split(';')[0];
  const next = Object.assign(new Image(), { id: 'after', alt: 'The answer', src: URL.createObjectURL(blob) });
  await next.decode().catch(() => {});
  if (signal.aborted) {
    URL.revokeObjectURL(next.src);
    return;
  }
  // What is decoded already is shown at once, without a blink.
  const before = byId('after');
  before.replaceWith(next);
  if (before.src.startsWith('blob:')) URL.revokeObjectURL(before.src);
  showMistakes([], places);
  byId('trouble').hidden = next.naturalWidth > 0;
  if (next.naturalWidth === 0) byId('trouble').textContent = `This browser does not show ${mediaType}.`;
  byId('answer').classList.toggle('refused', next.naturalWidth === 0);
  const format = formats.find((one) => one.mediaType === mediaType);
  const { naturalWidth: width, naturalHeight: height } = next;
  shown.answer = { path: named(path, format), plain: path, blob, format, width, height };
  byId('figures').textContent = figures(response, { blob, took, width, height, format });
  told();
}

/** CDNs that cache by extension need one. */
function named(path, format) {
  return format === undefined ? path : `${path}/${state.id.replaceAll(':', '-')}.${format.extensions[0]}`;
}

function figures(response, { blob, took, width, height, format }) {
  const tier = /detail=([\w-]+)/.exec(response.headers.get('cache-status') ?? '')?.[1] ?? 'unknown tier';
  const spent = [...(response.headers.get('server-timing') ?? '').matchAll(/(\w+);dur=([\d.]+)/g)];
  const server = spent.map(([, what, ms]) => `${what} ${Math.round(Number(ms))}`).join(', ');
  const found = response.headers.get('tintype-quality') ?? state.components[0].get('q') ?? 'default';
  const share =
    state.info === null || !state.info.bytes
      ? ''
      : ` (${Math.round((100 * blob.size) / state.info.bytes)} % of the original)`;
  return [
    `${bytesText(blob.size)}${share}`,
    `${width} × ${height}`,
    format?.name ?? blob.type,
    `quality ${found}`,
    `from ${tier} in ${Math.round(took)} ms${server === '' ? '' : ` (server: ${server})`}`,
  ].join(' · ');
}
