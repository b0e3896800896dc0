import { formats } from '../../formats/index.ts';
import { effectNames, effectOf } from '../../transform/params/effects/index.ts';
import { keys, parameters } from '../../transform/params/index.ts';

/** Every word, with all that a form or a document says of it. */
export function describeWords() {
  return keys.map((key) => {
    const { name, meaning, values, fallback, place, samples, control } = parameters[key];
    return { key, name, meaning, values, fallback, place, samples, control };
  });
}

/** Every effect, likewise. */
export function describeEffects() {
  return effectNames.map((name) => {
    const { meaning, values, fallback, samples, takesColour, control } = effectOf(name);
    return { name, meaning, values, fallback, samples, takesColour, control };
  });
}

export function describeFormats() {
  return Object.values(formats).map(({ name, mediaType, extensions, alpha, animation, maxSide, quality }) => {
    return { name, mediaType, extensions, alpha, animation, maxSide, quality };
  });
}
