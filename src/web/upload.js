import { byId, make } from './elements.js';
import { Problem, withToken } from './server.js';

/** As fetch, but it tells how far it is. */
function send(path, file, headers, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', path);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      if (total > 0) progress(loaded / total);
    });
    request.addEventListener('load', () =>
      resolve(new Response(request.responseText === '' ? null : request.responseText, { status: request.status })),
    );
    request.addEventListener('error', () => reject(new Error('The connection broke')));
    request.send(file);
  });
}

/** The name with an ending before its extension. */
const renamed = (name, ending) => name.replace(/(?=\.[^.]*$)|$/, `-${ending}`);

/** Stores a file under its name; the server makes the id of it. Nothing that is stored is replaced: a taken name gets an ending. */
async function store(file, progress) {
  const other = renamed(file.name, crypto.getRandomValues(new Uint32Array(1))[0].toString(36));
  for (const name of [file.name, other]) {
    const response = await withToken('Uploading', (headers) =>
      send(`/originals/${encodeURIComponent(name)}`, file, { ...headers, 'if-none-match': '*' }, progress),
    );
    const body = await response.json().catch(() => ({}));
    if (response.ok) return body.id;
    if (response.status !== 412 || name === other) throw new Problem(response.status, body);
  }
}

async function upload(file, show) {
  const bar = make('progress', { max: 1, value: 0, 'aria-label': `Upload of ${file.name}` });
  const said = make('span', { role: 'status' }, 'waiting');
  byId('uploads').append(make('li', {}, make('span', { class: 'file' }, file.name), bar, said));
  byId('uploads').hidden = false;
  try {
    const id = await store(file, (share) => {
      bar.value = share;
      said.textContent = share < 1 ? `${Math.round(100 * share)} %` : 'checking';
    });
    bar.value = 1;
    const button = make('button', { type: 'button', class: 'small' }, id);
    button.addEventListener('click', () => show(id));
    said.replaceChildren('stored as ', button);
    return id;
  } catch (problem) {
    said.className = 'complaint';
    said.textContent = problem.message;
    return null;
  }
}

/** One after another, so that one token is asked for once; the first that is stored is shown. */
async function uploadAll(files, show) {
  byId('uploads').replaceChildren();
  let isShown = false;
  for (const file of files) {
    const id = await upload(file, show);
    if (id !== null && !isShown) show(id);
    isShown ||= id !== null;
  }
}

export function startUpload(show) {
  const input = byId('files');
  input.addEventListener('change', () => {
    void uploadAll([...input.files], show);
    input.value = '';
  });
  document.addEventListener('dragover', (event) => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    document.body.classList.add('dropping');
  });
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) document.body.classList.remove('dropping');
  });
  document.addEventListener('drop', (event) => {
    if (event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    document.body.classList.remove('dropping');
    void uploadAll([...event.dataTransfer.files], show);
  });
}
