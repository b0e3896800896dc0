import { byId, notice } from './elements.js';
import { ask, look } from './server.js';
import { changed, state } from './words.js';

/** Modes in which a point has a say; the others are changed to the first. */
const cutting = ['fill', 'lfill', 'thumb'];

let tool = 'none';
let point = null;
let began = null;

/** Where the pointer is, as shares of the picture. */
function shareAt(event) {
  const box = byId('before').getBoundingClientRect();
  const share = (at, from, length) => Math.min(1, Math.max(0, (at - from) / length));
  return [share(event.clientX, box.left, box.width), share(event.clientY, box.top, box.height)];
}

const decimals = (share) => {
  const text = String(Number(share.toFixed(4)));
  return text.includes('.') ? text : `${text}.0`;
};

function showPoint() {
  const mark = byId('focus');
  mark.hidden = point === null;
  byId('focus-form').hidden = tool !== 'focus';
  if (point === null) return;
  mark.style.left = `${100 * point[0]}%`;
  mark.style.top = `${100 * point[1]}%`;
  const fields = [byId('focus-x'), byId('focus-y')];
  fields.forEach((field, index) => {
    if (document.activeElement !== field) field.value = decimals(point[index]);
  });
}

function showCrop(rectangle) {
  const mark = byId('crop');
  mark.hidden = rectangle === null;
  if (rectangle === null) return;
  for (const [side, share] of Object.entries(rectangle)) mark.style[side] = `${100 * share}%`;
}

/** The rectangle that the words of the first step cut, where it is told in pixels. */
function cropInWords() {
  const words = state.components[0];
  const numbers = ['x', 'y', 'w', 'h'].map((key) => words.get(key) ?? (key === 'x' || key === 'y' ? '0' : ''));
  if (state.info === null || words.get('c') !== 'crop' || words.has('g') || numbers.some((text) => !/^\d+$/.test(text)))
    return null;
  const [x, y, w, h] = numbers.map(Number);
  const { width, height } = state.info;
  return {
    left: x / width,
    top: y / height,
    width: Math.min(w, width - x) / width,
    height: Math.min(h, height - y) / height,
  };
}

function cropBetween([x1, y1], [x2, y2]) {
  return { left: Math.min(x1, x2), top: Math.min(y1, y2), width: Math.abs(x1 - x2), height: Math.abs(y1 - y2) };
}

/** A drag becomes words of the first step: a crop rectangle in pixels of the upright original. */
function writeCrop({ left, top, width, height }) {
  const { info } = state;
  if (info === null || width * info.width < 2 || height * info.height < 2) return;
  const words = state.components[0];
  for (const key of ['g', 'ar', 'z']) words.delete(key);
  const pixels = { x: left * info.width, y: top * info.height, w: width * info.width, h: height * info.height };
  words.set('c', 'crop');
  for (const [key, value] of Object.entries(pixels)) words.set(key, String(Math.round(value)));
  state.step = 0;
  changed('words');
}

/** The point is the words' business: a mode that cuts, and sides to cut to. */
function useGravity(gravity, rest) {
  const words = state.components[0];
  if (!cutting.includes(words.get('c') ?? 'limit')) {
    if (words.get('c') === 'crop') for (const key of ['w', 'h']) words.delete(key);
    words.set('c', 'fill');
  }
  if (!words.has('ar') && !(words.has('w') && words.has('h'))) words.set('ar', '1:1');
  for (const key of ['x', 'y']) words.delete(key);
  words.set('g', gravity);
  for (const [key, value] of Object.entries(rest)) words.set(key, value);
  state.step = 0;
  changed('words');
}

async function savePoint() {
  if (point === null) return;
  const focalPoint = point.map((share) => Number(share.toFixed(4)));
  await ask('Saving a focal point', 'PATCH', `/originals/${state.id}`, JSON.stringify({ focalPoint }));
  notice(`Saved: the focal point of ${state.id} is ${focalPoint.join(', ')}.`);
  useGravity('custom', {});
}

function readPoint() {
  const [x, y] = [byId('focus-x'), byId('focus-y')].map(({ value }) => Number(value));
  if (![x, y].every((share) => share >= 0 && share <= 1)) return;
  point = [x, y];
  showPoint();
}

function drag(stage) {
  stage.addEventListener('pointerdown', (event) => {
    if (tool === 'none' || state.info === null) return;
    event.preventDefault();
    stage.setPointerCapture(event.pointerId);
    began = shareAt(event);
    if (tool === 'focus') point = began;
    showPoint();
  });
  stage.addEventListener('pointermove', (event) => {
    if (began === null) return;
    if (tool === 'focus') point = shareAt(event);
    else showCrop(cropBetween(began, shareAt(event)));
    showPoint();
  });
  stage.addEventListener('pointerup', (event) => {
    if (began !== null && tool === 'crop') writeCrop(cropBetween(began, shareAt(event)));
    began = null;
  });
  stage.addEventListener('pointercancel', () => {
    began = null;
    showStage();
  });
}

/** `guarded` runs what may be refused, and says so. */
export function startStage(guarded) {
  drag(byId('stage'));
  for (const radio of document.getElementsByName('tool')) {
    radio.addEventListener('change', () => {
      tool = radio.value;
      byId('stage').dataset.tool = tool;
      showPoint();
    });
  }
  for (const id of ['focus-x', 'focus-y']) byId(id).addEventListener('input', readPoint);
  byId('focus-save').addEventListener('click', () => guarded(savePoint));
  byId('focus-use').addEventListener('click', () => {
    if (point !== null) useGravity('xy_center', { x: decimals(point[0]), y: decimals(point[1]) });
  });
  byId('before').addEventListener('error', () => {
    if (state.info !== null && !byId('before').src.startsWith('data:')) byId('before').src = state.info.placeholder;
  });
}

export function showStage() {
  showCrop(cropInWords());
  showPoint();
}

/** Facts and a screen's worth of the original. Throws Problem where there is none. */
export async function showOriginal() {
  point = null;
  state.info = null;
  const response = await look(`/info/${state.id}`, { cache: 'no-store' });
  state.info = await response.json();
  byId('before').src =
    `/img/${state.id}/c_limit,f_webp,h_1600,v_${state.info.version.slice(0, 8)},w_1600/${state.id}.webp`;
  showStage();
}
