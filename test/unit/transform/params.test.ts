import { describe, expect, it } from 'vitest';
import type { Control } from '../../../src/transform/params/control.ts';
import { effectNames, effectOf } from '../../../src/transform/params/effects/index.ts';
import { type Key, keys, parameters } from '../../../src/transform/params/index.ts';

/** What no word that takes a number or a closed list of values may understand. */
const noise = [
  '',
  'NaN',
  'Infinity',
  '1e3',
  '٤٠٠',
  '４００',
  '+1',
  '01',
  '1_000',
  ' 1',
  '1 ',
  '0x1',
  '9'.repeat(10_000),
  '1.12345',
];
/** Words whose values are names, hex digits or ids: some of the noise is legal there. */
const takesNames: readonly Key[] = ['b', 'co', 'd', 'l', 't', 'v'];

describe.each(keys)('The word %s', (key) => {
  const param = parameters[key];

  it.each(param.samples)('understands %s and prints it so that it reads the same', (sample) => {
    const value = param.parse(sample);
    expect(value).not.toBeNull();
    // The row's own value goes back into the row's own printer.
    const printed = value === null ? null : (param.print as (value: unknown) => string | null)(value);
    if (printed !== null) expect(param.parse(printed)).toEqual(value);
  });

  it.each(param.wrong)('refuses %s', (wrong) => {
    expect(param.parse(wrong)).toBeNull();
  });

  it('has an example that is legal', () => {
    expect(param.parse(param.samples[0])).not.toBeNull();
  });
});

describe.each(keys.filter((key) => !takesNames.includes(key)))('The word %s', (key) => {
  it.each(noise)('refuses noise: %.20s', (text) => {
    expect(parameters[key].parse(text)).toBeNull();
  });
});

/** Whatever a form made from this would send by itself. */
function offersOf(control: Control): readonly string[] {
  const choices = 'choices' in control ? control.choices : [];
  if (control.kind !== 'number') return choices;
  const { least, most, step } = control;
  return [least, most, least + step, most - step].map((value) => String(Number(value.toFixed(4)))).concat(choices);
}

/** Just outside of a slider's ends. */
function beyond(control: Control): readonly string[] {
  return control.kind === 'number' ? [String(control.least - control.step), String(control.most + control.step)] : [];
}

describe('A control', () => {
  it.each(keys)('of %s offers what is legal, from end to end', (key) => {
    const { control } = parameters[key];
    expect(offersOf(control).filter((text) => parameters[key].parse(text) === null)).toEqual([]);
    expect(beyond(control).filter((text) => parameters[key].parse(text) !== null)).toEqual([]);
  });

  it.each(effectNames)('of e_%s offers what is legal, from end to end', (name) => {
    const effect = effectOf(name);
    expect(offersOf(effect.control).filter((text) => effect.parse(text) === null)).toEqual([]);
    expect(beyond(effect.control).filter((text) => effect.parse(text) !== null)).toEqual([]);
    expect(effect.control.kind === 'nothing').toBe(effect.values === '');
  });
});
