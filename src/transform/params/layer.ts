import { idPattern, idRule } from '../id.ts';
import type { Parameter } from './param.ts';

/** What is laid over the picture: an original of the store, or text. */
export type Layer = { readonly kind: 'image'; readonly id: string } | TextLayer;

export interface TextLayer {
  readonly kind: 'text';
  /** A family, as its font files name it. */
  readonly font: string;
  /** Pixels of a line's em, before the density. */
  readonly size: number;
  readonly bold: boolean;
  readonly italic: boolean;
  /** Any characters, lines parted by \n. */
  readonly text: string;
}

/** Read from the right: a font's name may hold an underscore. */
const textPattern = /^text:([^,/:%]{1,64})_([1-9][0-9]{0,3})(_bold)?(_italic)?:(?:b64:([A-Za-z0-9_-]+)|([^,/:%]+))$/u;

/** Printed as they are; everything else is printed as base64url. */
const plainText = /^[A-Za-z0-9._~ -]+$/;

/** Control characters but a line's end, and halves of characters. */
const unprintable = /[\p{Cs}\u0000-\u0009\u000b-\u001f\u007f-\u009f]/u;

/** Null for what is no text, and for any spelling of a text but the one we print. */
function decoded(base64: string): string | null {
  try {
    const binary = atob(base64.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return encoded(text) === base64 ? text : null;
  } catch {
    return null;
  }
}

function encoded(text: string): string {
  const binary = String.fromCharCode(...new TextEncoder().encode(text));
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function readText(value: string): TextLayer | null {
  const [, font, size, bold, italic, base64, plain] = textPattern.exec(value) ?? [];
  const text = base64 === undefined ? plain : decoded(base64);
  if (font === undefined || text === undefined || text === null || text === '' || unprintable.test(text)) return null;
  return { kind: 'text', font, size: Number(size), bold: bold !== undefined, italic: italic !== undefined, text };
}

export const layer: Parameter<Layer> = {
  key: 'l',
  name: 'layer',
  meaning:
    'Lays another original or text over the picture. Words of its component, and of those up to `fl_layer_apply`, shape the layer; `g`, `x`, `y`, `o` and a blend of the applying component place it. Not followed by one, it applies itself.',
  values: `${idRule} of an original, or text:{Font}_{size 1–9999}[_bold][_italic]:{text}, where text that holds , / : % or a line's end is b64:{base64url}; no other control characters`,
  fallback: 'none',
  samples: [
    'logo',
    'brand:watermark',
    'text:DejaVu Sans_24:Hello',
    'text:DejaVu Sans_40_bold_italic:b64:SGVsbG8sIHdvcmxk',
    'text:DejaVu Sans_12_bold:b64:w6QKw7Y',
  ],
  wrong: [
    '',
    '-logo',
    'https://a.example/b.png',
    'text:',
    'text:Hello',
    'text:DejaVu Sans_0:Hello',
    'text:DejaVu Sans_24:',
    'text:DejaVu Sans_24_italic_bold:Hello',
    'text:DejaVu Sans_24:a:b',
    'text:DejaVu Sans_24:b64:***',
    'text:DejaVu Sans_24:b64:_w',
    'text:DejaVu Sans_24:b64:AA',
    'text:DejaVu Sans_24:b64:SGl',
  ],
  place: 'each',
  control: { kind: 'text', choices: ['text:DejaVu Sans_48:Hello', 'text:DejaVu Sans_64_bold:Hello'] },
  parse(text) {
    if (text.startsWith('text:')) return readText(text);
    return idPattern.test(text) ? { kind: 'image', id: text } : null;
  },
  print(value) {
    if (value.kind === 'image') return value.id;
    const style = `${value.size}${value.bold ? '_bold' : ''}${value.italic ? '_italic' : ''}`;
    const text = plainText.test(value.text) ? value.text : `b64:${encoded(value.text)}`;
    return `text:${value.font}_${style}:${text}`;
  },
};
