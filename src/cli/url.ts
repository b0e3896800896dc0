import { printImagePath } from '../transform/canonical.ts';
import { parseTransform } from '../transform/grammar.ts';
import { splitImagePath } from '../transform/image-path.ts';
import { command, option } from './command.ts';
import { knownPresets, presetVariables } from './shell/presets.ts';
import { readOrigin } from './shell/readers.ts';

/** The canonical URL of a picture, made without a server. */
export const urlCommand = command({
  name: 'url',
  summary: 'Prints the canonical URL of a picture, or names the mistakes in its words. Asks no server.',
  operands: { usage: 'ID [WORDS…]', least: 1, most: 17 },
  notes: ['Each of WORDS is a component such as w_400,f_webp or a preset; they apply from left to right.'],
  options: {
    base: option(
      'URL',
      { ...readOrigin(), parse: (text) => (text === '' ? text : readOrigin().parse(text)) },
      '',
      'What to put in front.',
    ),
  },
  environment: presetVariables,
  examples: [
    ['tintype url cat f_webp,w_400', '/img/cat/f_webp,w_400/cat.webp'],
    ['tintype url cat c_crop,h_500,w_500 w_100,f_avif --base https://img.example.com', 'cut first, then scaled'],
  ],
  run: async ({ operands, options: { base }, shell }) => {
    const presets = await knownPresets(shell);
    const split = splitImagePath(`/img/${operands.join('/')}`, '/img/');
    const text = base + printImagePath(split.id, parseTransform(split, presets));
    return { json: { url: text }, text };
  },
});
