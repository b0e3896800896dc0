import { dialects } from '../dialects/index.ts';
import { command } from './command.ts';

/** Other products' URLs in our words. */
export const translateCommand = command({
  name: 'translate',
  summary: "Prints our URL for another product's, and what it is only like. Asks no server.",
  operands: { usage: 'URL [DIALECT]', least: 1, most: 2 },
  notes: [
    `DIALECT is one of ${dialects.map(({ name }) => name).join(', ')}, where the URL does not tell. What has no counterpart is named (exit code 2 or 4).`,
  ],
  options: {},
  environment: {},
  examples: [
    ["tintype translate 'https://res.cloudinary.com/demo/image/upload/c_fill,h_300,w_400/cat.jpg'", 'from Cloudinary'],
  ],
  run: async ({ operands: [url = '', name] }) => {
    const { translated } = await import('./translate/translated.ts');
    const { path, remarks } = translated(url, name);
    return { json: { path, remarks }, text: [path, ...remarks].join('\n') };
  },
});
