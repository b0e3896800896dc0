/** What is asked for: the picture, and its words by component. Effects are a Map of their own under `e`. */
export const state = { id: '', components: [new Map()], step: 0, info: null };

const listeners = [];
/** Calls back after every change, with what it was: `picture` or `words`. */
export const onChange = (listener) => listeners.push(listener);
export const changed = (what) => {
  for (const listener of listeners) listener(what);
};

/** Sets or, with an empty text, removes a word of a component. */
export function setWord(component, key, value) {
  const words = state.components[component];
  if (value === '') words.delete(key);
  else words.set(key, value);
  changed('words');
}

export const effectsOf = (component) => state.components[component].get('e') ?? new Map();

/** An effect's text behind the colon, empty for its default; null removes it. */
export function setEffect(component, name, value) {
  const effects = effectsOf(component);
  if (value === null) effects.delete(name);
  else effects.set(name, value);
  if (effects.size === 0) state.components[component].delete('e');
  else state.components[component].set('e', effects);
  changed('words');
}

/** A comma or slash in a text would end its word. */
function layerText(value) {
  const [, head, tail] = /^(text:[^:]*:)(?!b64:)(.*)$/s.exec(value) ?? [];
  if (tail === undefined || !/[,/:%\n]/.test(tail)) return value;
  const binary = String.fromCharCode(...new TextEncoder().encode(tail));
  return `${head}b64:${btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`;
}

const encoded = (text) => encodeURIComponent(text).replaceAll('%3A', ':');

function wordsOf(words) {
  const { l, e, ...rest } = Object.fromEntries(words);
  const layer = l === undefined ? [] : [{ key: 'l', text: `l_${encoded(layerText(l))}` }];
  const plain = Object.entries(rest).map(([key, value]) => ({ key, text: `${key}_${encoded(value)}` }));
  const effects = [...(e ?? [])].map(([name, value]) => {
    return { key: 'e', effect: name, text: `e_${name}${value === '' ? '' : `:${encoded(value)}`}` };
  });
  return [...layer, ...plain, ...effects];
}

/** The path of the picture without a file name, and which of its characters belong to which word. */
export function printPath(route = '/img/', components = state.components) {
  let path = `${route}${state.id}`;
  const places = [];
  components.forEach((words, component) => {
    wordsOf(words).forEach(({ text, ...word }, index) => {
      path += index === 0 ? '/' : ',';
      places.push({ ...word, component, start: path.length, end: path.length + text.length });
      path += text;
    });
  });
  return { path, places };
}

function readComponent(text) {
  const words = new Map();
  for (const word of text.split(',')) {
    const split = word.indexOf('_');
    const [key, value] = split === -1 ? ['t', word] : [word.slice(0, split), word.slice(split + 1)];
    if (key !== 'e') words.set(key, value);
    else {
      const [name, ...rest] = value.split(':');
      words.set('e', (words.get('e') ?? new Map()).set(name, rest.join(':')));
    }
  }
  return words;
}

/** Takes over what a link says: `#id/words/words`. */
export function readHash(hash) {
  const [id = '', ...components] = hash.replace(/^#\/?/, '').split('/');
  state.id = id;
  const read = components.filter((text) => text !== '').map((text) => readComponent(decodeURIComponent(text)));
  state.components = read.length > 0 ? read : [new Map()];
  state.step = 0;
}
