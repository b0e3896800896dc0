import { make } from './elements.js';

let made = 0;

/** Choices behind a field that can be typed into. */
function suggestions(id, choices) {
  return make('datalist', { id: `${id}-choices` }, ...choices.map((value) => make('option', { value })));
}

function textField(id, { choices }, said) {
  const input = make('input', { id, list: `${id}-choices`, spellcheck: false, autocapitalize: 'off' });
  input.addEventListener('input', () => said(input.value));
  return { parts: [input, suggestions(id, choices)], show: (value) => (input.value = value), main: input };
}

/** The slider goes as far as the picture is long, where it is counted along a side of it. */
function numberField(id, control, said, { label, fallback, sides }) {
  const typed = textField(id, control, said);
  typed.main.inputMode = 'decimal';
  const slider = make('input', { type: 'range', 'aria-label': `${label}, slider`, step: String(control.step) });
  slider.addEventListener('input', () => {
    typed.show(slider.value);
    said(slider.value);
  });
  const show = (value) => {
    const side = control.of === null ? null : (sides()?.[control.of] ?? null);
    slider.max = String(side === null ? control.most : Math.min(control.most, side));
    slider.min = String(side === null ? control.least : Math.max(control.least, 0, Math.sign(control.least)));
    const number = Number(value === '' ? (fallback ?? '') : value);
    slider.value = value === '' && fallback === null ? slider.min : String(Number.isNaN(number) ? slider.min : number);
    slider.classList.toggle('unset', value === '');
    typed.show(value);
  };
  return { parts: [...typed.parts, slider], show, main: typed.main };
}

function colourField(id, control, said, { label }) {
  const typed = textField(id, control, said);
  const well = make('input', { type: 'color', 'aria-label': `${label}, colour` });
  well.addEventListener('input', () => {
    typed.show(well.value.slice(1));
    said(well.value.slice(1));
  });
  const show = (value) => {
    typed.show(value);
    if (/^[0-9a-f]{6}$/i.test(value)) well.value = `#${value}`;
  };
  return { parts: [...typed.parts, well], show, main: typed.main };
}

function choiceField(id, { choices }, said, { fallback }) {
  const options = choices.map((value) => make('option', { value }, value));
  const select = make(
    'select',
    { id },
    make('option', { value: '' }, fallback === null ? '–' : `– (${fallback})`),
    ...options,
  );
  select.addEventListener('change', () => said(select.value));
  const show = (value) => {
    // What a link says is shown even where it is wrong: it is in the URL.
    if (value !== '' && !choices.includes(value)) select.append(make('option', { value }, value));
    select.value = value;
  };
  return { parts: [select], show, main: select };
}

function severalField(id, { choices }, said) {
  const boxes = choices.map((value) => make('input', { type: 'checkbox', value }));
  const chosen = () => boxes.filter((box) => box.checked).map((box) => box.value);
  const parts = boxes.map((box) => make('label', { class: 'box' }, box, box.value.replaceAll('_', ' ')));
  for (const box of boxes) box.addEventListener('change', () => said(chosen().join('.')));
  const show = (value) => {
    const wanted = value.split('.');
    for (const box of boxes) box.checked = wanted.includes(box.value);
  };
  return { parts, show, main: null };
}

const kinds = {
  number: numberField,
  colour: colourField,
  choice: choiceField,
  several: severalField,
  text: textField,
  nothing: () => ({ parts: [], show: () => {}, main: null }),
};

/**
 * One control with its label, its help (seen while it has the focus) and room for a complaint. `said` is called with its
 * text whenever a person changes it; `show` puts a text into it.
 */
export function field({ word, label, meaning, values, fallback, control, sides = () => null, said }) {
  made += 1;
  const id = `field-${made}`;
  const { parts, show, main } = kinds[control.kind](id, control, said, { label, fallback, sides });
  const complaint = make('p', { class: 'complaint', id: `${id}-complaint`, hidden: true });
  const help = make(
    'p',
    { class: 'help', id: `${id}-help` },
    `${meaning}${values === '' ? '' : ` Expects ${values}.`}`,
  );
  const code = make('code', {}, word);
  const name =
    main === null
      ? make('span', { class: 'name', id: `${id}-name` }, label, ' ', code)
      : make('label', { htmlFor: id }, label, ' ', code);
  main?.setAttribute('aria-describedby', `${id}-help ${id}-complaint`);
  const grouped = main === null && parts.length > 0 ? { role: 'group', 'aria-labelledby': `${id}-name` } : {};
  const inputs = make('div', { class: `inputs ${control.kind}`, ...grouped }, ...parts);
  const element = make('div', { class: 'field', 'data-word': word }, name, inputs, complaint, help);
  const complain = (sentence) => {
    complaint.textContent = sentence ?? '';
    complaint.hidden = sentence === null;
    element.classList.toggle('wrong', sentence !== null);
    if (sentence === null) main?.removeAttribute('aria-invalid');
    else main?.setAttribute('aria-invalid', 'true');
  };
  const put = (value) => {
    element.classList.toggle('set', value !== '');
    // Who types is not interrupted.
    if (document.activeElement !== main || main.value !== value) show(value);
    else if (control.kind === 'number') show(value);
  };
  return { element, show: put, complain };
}
