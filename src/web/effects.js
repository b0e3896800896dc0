import { make } from './elements.js';
import { field } from './fields.js';
import { effectsOf, setEffect, state } from './words.js';

/** What an effect begins with: its default, or something that shows. */
function beginning({ fallback, control }) {
  if (fallback !== null || control.kind === 'nothing') return '';
  return control.kind === 'number' ? String(Math.round(control.most / 3)) : (control.choices[0] ?? '');
}

/** Effects of the step: those there are, each with its control, and a list to add from. */
export function effectsField(effects) {
  const shown = new Map();
  const list = make('div', {});
  const add = make('select', { id: 'add-effect' });
  add.addEventListener('change', () => {
    const effect = effects.find(({ name }) => name === add.value);
    if (effect !== undefined) setEffect(state.step, effect.name, beginning(effect));
  });
  const label = make('label', { htmlFor: 'add-effect' }, 'effect ', make('code', {}, 'e'));
  const element = make('div', { class: 'field', 'data-word': 'e' }, label, make('div', { class: 'inputs' }, add), list);

  const rowOf = (effect) => {
    const { name, meaning, values, fallback, control } = effect;
    const one = field({
      word: `e_${name}`,
      label: name.replaceAll('_', ' '),
      meaning,
      values,
      fallback,
      control,
      said: (value) => setEffect(state.step, name, value),
    });
    const remove = make('button', { type: 'button', class: 'small' }, 'Remove');
    remove.setAttribute('aria-label', `Remove ${name}`);
    remove.addEventListener('click', () => {
      setEffect(state.step, name, null);
      add.focus();
    });
    one.element.append(remove);
    return one;
  };
  const unknown = (name) => ({
    name,
    meaning: 'No effect of this server.',
    values: '',
    fallback: null,
    control: { kind: 'text', choices: [] },
  });

  const show = () => {
    const wanted = effectsOf(state.step);
    for (const name of wanted.keys()) {
      if (!shown.has(name)) shown.set(name, rowOf(effects.find((effect) => effect.name === name) ?? unknown(name)));
    }
    for (const name of shown.keys()) if (!wanted.has(name)) shown.delete(name);
    const rows = [...shown.values()].map(({ element }) => element);
    if (rows.length !== list.children.length || rows.some((row, at) => row !== list.children[at]))
      list.replaceChildren(...rows);
    for (const [name, one] of shown) one.show(wanted.get(name));
    const free = effects
      .filter(({ name }) => !wanted.has(name))
      .map(({ name }) => make('option', { value: name }, name.replaceAll('_', ' ')));
    add.replaceChildren(make('option', { value: '' }, 'Add an effect…'), ...free);
    element.classList.toggle('set', wanted.size > 0);
  };
  const complain = (sentence, name) => {
    if (sentence !== null) shown.get(name)?.complain(sentence);
    else for (const one of shown.values()) one.complain(null);
  };
  return { element, show, complain };
}
