import { showCode, showPictureCode, startCode } from './code.js';
import { buildControls, showControls } from './controls.js';
import { byId, bytesText, notice } from './elements.js';
import { startGallery } from './gallery.js';
import { forgetInspection, startInspection } from './inspect.js';
import { previewNow, previewSoon, startPreview } from './preview.js';
import { look } from './server.js';
import { showOriginal, showStage, startStage } from './stage.js';
import { startUpload } from './upload.js';
import { changed, onChange, printPath, readHash, state } from './words.js';

/** What a new server has. */
const sample = 'sample';

/** Runs what may be refused, and says so. */
async function guarded(act) {
  notice('');
  try {
    await act();
  } catch (problem) {
    notice(problem.message);
  }
}

function showFacts() {
  byId('id').value = state.id;
  const { info } = state;
  const { bytes, width, height, format, pages } = info ?? {};
  const size = bytes === null ? [] : [bytesText(bytes ?? 0)];
  const frames = pages > 1 ? [`${pages} pages or frames`] : [];
  byId('facts').textContent =
    info === null ? 'No such picture' : [...size, `${width} × ${height}`, format, ...frames].join(' · ');
  document.body.classList.toggle('empty', info === null);
}

async function showPicture() {
  await guarded(showOriginal);
  showFacts();
  showControls();
  if (state.info === null) return;
  await Promise.all([previewNow(), showPictureCode()]);
}

function writeHash() {
  history.replaceState(null, '', `#${printPath('').path}`);
}

function react(what) {
  writeHash();
  forgetInspection();
  if (what === 'picture') {
    void showPicture();
    return;
  }
  showControls();
  showStage();
  previewSoon();
}

function show(id) {
  state.id = id;
  changed('picture');
}

function startPicking() {
  byId('pick').addEventListener('submit', (event) => {
    event.preventDefault();
    show(byId('id').value.trim());
  });
  globalThis.addEventListener('hashchange', () => {
    readHash(location.hash);
    changed('picture');
  });
}

async function start() {
  const catalogue = await (await look('/playground/catalogue.json')).json();
  document.body.classList.toggle('read-only', catalogue.readOnly);
  byId('mode').hidden = !catalogue.readOnly;
  buildControls(catalogue);
  startCode();
  startPreview(catalogue, showCode);
  startStage(guarded);
  startInspection(guarded);
  startGallery(catalogue, show);
  if (!catalogue.readOnly) startUpload(show);
  startPicking();
  onChange(react);
  readHash(location.hash);
  if (state.id !== '') {
    changed('picture');
    return;
  }
  const isThere = await look(`/info/${sample}`).then(
    () => true,
    () => false,
  );
  if (isThere) show(sample);
  else {
    document.body.classList.add('empty');
    showControls();
  }
}

void guarded(start);
