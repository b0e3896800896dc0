import { type Parameter, readOneOf } from './param.ts';

/** Every flag, by name. All but those of a layer speak of the whole answer. */
export const flagMeanings = {
  animated: 'an animation, or a mistake where the answer would be a still',
  attachment: 'to be saved, not shown',
  datauri: 'as the text of a `data:` URL',
  keep_attribution: "with the original's artist and copyright",
  layer_apply: 'the layer that was begun is placed here',
  lossless: 'webp and avif without loss',
  lossy: 'png in a palette of at most 256 colours, as good as `q`',
  progressive: 'jpg and png that appear coarse first',
  relative: "fractions of a layer's sides are of the picture it is laid on",
} as const;

export type Flag = keyof typeof flagMeanings;

/** Those that speak of their component. */
const layerFlags: readonly Flag[] = ['layer_apply', 'relative'];

export const isLayerFlag = (flag: Flag): boolean => layerFlags.includes(flag);

export const flagNames = Object.keys(flagMeanings) as readonly Flag[];

export const flags: Parameter<readonly Flag[]> = {
  key: 'fl',
  name: 'flags',
  meaning: `Switches, joined by dots: ${flagNames.map((name) => `\`${name}\` ${flagMeanings[name]}`).join('; ')}.`,
  values: `${flagNames.join(', ')}, joined by dots, each once`,
  fallback: 'none',
  samples: ['progressive', ...flagNames, 'progressive.attachment', 'lossy.keep_attribution.datauri'],
  wrong: ['', 'Progressive', 'progressive.progressive', 'progressive.', '.lossy', 'lossy.toString', 'constructor'],
  place: 'once',
  control: { kind: 'several', choices: flagNames },
  parse(text) {
    const asked = text.split('.').map((part) => readOneOf(part, flagNames));
    const known = flagNames.filter((name) => asked.includes(name));
    return known.length === asked.length ? known : null;
  },
  print: (value) => (value.length === 0 ? null : value.join('.')),
};
