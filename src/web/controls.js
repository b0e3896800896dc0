import { effectsField } from './effects.js';
import { byId, make } from './elements.js';
import { field } from './fields.js';
import { changed, setWord, state } from './words.js';

/** How words are laid out; those that are not named here come under the last heading. */
const groups = [
  ['Size and crop', ['w', 'h', 'c', 'g', 'ar', 'x', 'y', 'z', 'dpr']],
  ['Format', ['f', 'q', 'mb', 'fl', 'cs', 'dn']],
  ['Effects', ['e', 'co']],
  ['Look', ['a', 'r', 'bo', 'b', 'o']],
  ['Layer', ['l']],
  ['Presets', ['t']],
  ['More', []],
];
const open = ['Size and crop', 'Format', 'Effects'];

const fields = new Map();

/** Words of the whole answer stand in the first component, whichever step is shown. */
const componentOf = ({ place }) => (place === 'each' ? state.step : 0);

function fieldOf(word, { presets, effects }) {
  const { key, name, meaning, values, fallback, control } = word;
  if (control.kind === 'effects') return effectsField(effects);
  const filled = control.kind === 'presets' ? { kind: 'several', choices: Object.keys(presets) } : control;
  const number = /^-?\d+(\.\d+)?$/.test(fallback) || filled.kind === 'choice' ? fallback.replaceAll('`', '') : null;
  return field({
    word: key,
    label: name,
    meaning: meaning.replaceAll('`', ''),
    values,
    fallback: number,
    control: filled,
    sides: () => state.info,
    said: (value) => setWord(componentOf(word), key, value.trim()),
  });
}

function wordsIn(group, words) {
  const [, keys] = group;
  if (group !== groups.at(-1)) return keys.flatMap((key) => words.find((word) => word.key === key) ?? []);
  const placed = groups.flatMap(([, keys]) => keys);
  return words.filter(({ key }) => !placed.includes(key));
}

/** A control for every word of the catalogue. */
export function buildControls(catalogue) {
  for (const group of groups) {
    const [title] = group;
    const words = wordsIn(group, catalogue.words);
    const made = words.map((word) => {
      const one = fieldOf(word, catalogue);
      fields.set(word.key, { ...one, word });
      return one.element;
    });
    const details = make(
      'details',
      { open: open.includes(title) },
      make('summary', {}, title, make('span', { class: 'count' })),
      ...made,
    );
    byId('fields').append(details);
  }
  byId('controls').addEventListener('focusin', showHelp);
  byId('controls').addEventListener('submit', (event) => event.preventDefault());
  byId('clear').addEventListener('click', () => {
    state.components = [new Map()];
    state.step = 0;
    changed('words');
  });
}

/** In a place of its own: help that pushed controls down would pull them from under the pointer. */
function showHelp({ target }) {
  const help = target.closest('.field')?.querySelector(':scope > .help');
  if (help) byId('help').textContent = help.textContent;
}

function stepButton(index) {
  const button = make('button', { type: 'button', 'aria-pressed': String(index === state.step) }, `Step ${index + 1}`);
  button.addEventListener('click', () => {
    state.step = index;
    showControls();
    byId('steps').children[index].focus();
  });
  return button;
}

function extraButton(text, act) {
  const button = make('button', { type: 'button', class: 'small' }, text);
  button.addEventListener('click', () => {
    act();
    changed('words');
  });
  return button;
}

function showSteps() {
  const add = extraButton('+ step', () => {
    state.components.push(new Map());
    state.step = state.components.length - 1;
  });
  const remove = extraButton(`Remove step ${state.step + 1}`, () => {
    state.components.splice(state.step, 1);
    state.step = Math.max(0, state.step - 1);
  });
  const many = state.components.length > 1;
  byId('steps').replaceChildren(
    ...(many ? state.components.map((_, index) => stepButton(index)) : []),
    add,
    ...(many && state.step > 0 ? [remove] : []),
  );
}

/** Puts the state into the controls. */
export function showControls() {
  showSteps();
  for (const [key, one] of fields) one.show(state.components[componentOf(one.word)].get(key) ?? '');
  for (const details of byId('fields').children) {
    const count = details.querySelectorAll(':scope > .field.set').length;
    details.querySelector('.count').textContent = count === 0 ? '' : String(count);
  }
}

/** Shows each mistake at the control it speaks of: the place of the word tells. */
export function showMistakes(mistakes, places) {
  for (const one of fields.values()) one.complain(null);
  let first = null;
  for (const { position, expected, received, didYouMean } of mistakes) {
    const place = places.find(({ start, end }) => position >= start && position <= end);
    const one = fields.get(place?.key);
    if (one === undefined) continue;
    if (one.word.place === 'each' && place.component !== state.step) {
      state.step = place.component;
      showControls();
    }
    const perhaps = didYouMean === null ? '' : ` Did you mean ${didYouMean}?`;
    one.complain(`Expected ${expected} but received “${received}”.${perhaps}`, place.effect);
    one.element.closest('details').open = true;
    first ??= one.element;
  }
  first?.scrollIntoView({ block: 'nearest' });
}
