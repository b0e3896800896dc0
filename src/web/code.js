import { byId, make } from './elements.js';
import { shown } from './preview.js';
import { look } from './server.js';
import { state } from './words.js';

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

const imageTag = ({ path, width, height }) =>
  `<img src="${escaped(location.origin + path)}" width="${width}" height="${height}" alt="">`;

/** The words as the client takes them: one object for every component. */
function clientCode({ plain }) {
  if (state.components.some((words) => (words.get('e')?.size ?? 0) > 1))
    return '// Several effects in one component: take the URL as it is.';
  const value = (text) =>
    /^(0|[1-9]\d*)$/.test(text) ? text : `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const components = plain
    .split('/')
    .slice(3)
    .map((component) => {
      const words = component
        .split(',')
        .map((word) => [word.slice(0, word.indexOf('_')), decodeURIComponent(word.slice(word.indexOf('_') + 1))]);
      return `{ ${words.map(([key, text]) => `${key}: ${value(text)}`).join(', ')} }`;
    });
  return [
    `import { url } from 'tintype/client';`,
    '',
    `url('${state.id}', [${components.join(', ')}], { base: '${location.origin}' });`,
  ].join('\n');
}

/** The width is the loader's; a height goes along with it. */
function nextCode({ path, plain, width, height }) {
  const [, words] = /^\/img\/[^/]+(.*)$/.exec(plain) ?? ['', ''];
  const last = path.slice(plain.length);
  const wide = /\bw_(\d+)/.exec(words);
  const scaled = (text) =>
    wide === null
      ? text
      : text.replace(/([/,])h_(\d+)/, (_all, before, h) => `${before}h_\${Math.round((width * ${h}) / ${wide[1]})}`);
  const withWidth =
    wide === null
      ? `/w_\${width}${words === '' ? '' : `,${words.slice(1)}`}`
      : scaled(words).replace(/\bw_\d+/, 'w_${width}');
  const name = last.replace(/[^/]*\./, '${src}.');
  return [
    `import Image from 'next/image';`,
    '',
    `const tintype = ({ src, width }) => \`${location.origin}/img/\${src}${withWidth}${name}\`;`,
    '',
    `<Image loader={tintype} src="${state.id}" width={${width}} height={${height}} alt="" />`,
  ].join('\n');
}

async function pictureCode() {
  const response = await look(`/picture/${state.id}?sizes=${encodeURIComponent('(min-width: 60em) 50vw, 100vw')}`);
  const { html } = await response.json();
  return html.replaceAll(/(src="|srcset="|, )\/img\//g, (_all, before) => `${before}${location.origin}/img/`);
}

/** One piece of code with its button; the button says what became of it. */
function piece(name, note) {
  const text = make('code', {});
  const copy = make('button', { type: 'button', class: 'small', 'data-copies': name }, 'Copy');
  copy.setAttribute('aria-label', `Copy ${name}`);
  copy.addEventListener('click', async () => {
    copy.textContent = (await copied(text)) ? 'Copied' : 'Selected: press Ctrl C';
    setTimeout(() => (copy.textContent = 'Copy'), 2000);
  });
  const pre = make('pre', { tabIndex: 0, 'aria-label': name, role: 'region' }, text);
  const element = make(
    'div',
    { class: 'piece' },
    make('div', { class: 'row' }, make('h3', {}, name), make('span', { class: 'quiet' }, note), copy),
    pre,
  );
  byId('code').append(element);
  return text;
}

/** Without a secure context there is no clipboard: what is to be copied is then selected. */
async function copied(element) {
  try {
    await navigator.clipboard.writeText(element.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(element);
    return false;
  }
}

let pieces = null;

export function startCode() {
  pieces = {
    url: piece('URL', ''),
    img: piece('<img>', ''),
    picture: piece('<picture>', 'all widths and formats of the picture itself, without these words'),
    client: piece('client', ''),
    next: piece('next/image', ''),
  };
}

/** Of another picture: what does not depend on words. */
export async function showPictureCode() {
  pieces.picture.textContent = '…';
  pieces.picture.textContent = await pictureCode().catch((problem) => `<!-- ${problem.message} -->`);
}

export function showCode() {
  const { answer } = shown;
  if (answer === null) return;
  pieces.url.textContent = location.origin + answer.path;
  pieces.img.textContent = imageTag(answer);
  pieces.client.textContent = clientCode(answer);
  pieces.next.textContent = nextCode(answer);
}
