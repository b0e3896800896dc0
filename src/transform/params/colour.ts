import names from 'color-name';

/** 0 to 255 each; `alpha` 255 is opaque. */
export interface Colour {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  readonly alpha: number;
}

/** What CSS calls a colour. */
export type ColourName = keyof typeof names | 'transparent';

export const transparent: Colour = { red: 0, green: 0, blue: 0, alpha: 0 };
export const white: Colour = { red: 255, green: 255, blue: 255, alpha: 255 };

export const colourValues = 'a CSS colour name, hex digits (3, 4, 6 or 8), or rgb:RRGGBB[AA]';

/** Six or eight lower or upper hex digits. */
function fromDigits(digits: string): Colour {
  const at = (index: number) => Number.parseInt(digits.slice(index, index + 2), 16);
  return { red: at(0), green: at(2), blue: at(4), alpha: digits.length === 8 ? at(6) : 255 };
}

function named(text: string): Colour | null {
  if (text === 'transparent') return transparent;
  if (!Object.hasOwn(names, text)) return null;
  const [red, green, blue] = names[text as keyof typeof names];
  return { red, green, blue, alpha: 255 };
}

export function readColour(text: string): Colour | null {
  const rgb = /^rgb:([0-9a-fA-F]{6}|[0-9a-fA-F]{8})$/.exec(text)?.[1];
  if (rgb !== undefined) return fromDigits(rgb);
  if (/^([0-9a-fA-F]{6}|[0-9a-fA-F]{8})$/.test(text)) return fromDigits(text);
  if (/^[0-9a-fA-F]{3,4}$/.test(text)) return fromDigits(text.replaceAll(/./g, '$&$&'));
  return named(text);
}

/** Six lower hex digits, eight where it is not opaque. */
export function printColour(colour: Colour): string {
  const hex = (value: number) => value.toString(16).padStart(2, '0');
  const opaque = hex(colour.red) + hex(colour.green) + hex(colour.blue);
  return colour.alpha === 255 ? opaque : opaque + hex(colour.alpha);
}
