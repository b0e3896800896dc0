import { styleText } from 'node:util';
import type { Shell } from './shell.ts';

/** Colours text where a terminal shows it and NO_COLOR (https://no-color.org) is not set. */
export function coloured(
  { terminal, environment }: Shell,
  stream: keyof Shell['terminal'],
  style: 'red' | 'bold',
  text: string,
): string {
  const isPlain = !terminal[stream] || (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb';
  return isPlain ? text : styleText(style, text, { validateStream: false });
}

/** The headings of a help text, which stand at the beginning of their lines, in bold. */
export function withHeadings(text: string, shell: Shell): string {
  return text.replaceAll(/^(?:Usage:|Commands|Options|Environment|Examples|Exit codes)/gm, (heading) =>
    coloured(shell, 'out', 'bold', heading),
  );
}
