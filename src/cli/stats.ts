import { command } from './command.ts';
import { linesOf } from './shell/plain.ts';
import { atServer, withServer } from './shell/server.ts';

/** How much there is. */
export const statsCommand = command({
  name: 'stats',
  summary: 'Tells how many originals and variants a server keeps, as of its last sweep.',
  operands: { usage: '', least: 0, most: 0 },
  notes: ['tintype sweep counts anew.'],
  options: atServer.options,
  environment: atServer.environment,
  examples: [['tintype stats --json', 'for a script']],
  run: async ({ options: { url }, shell }) =>
    withServer(url, shell, async (server) => {
      const json = await server.json('GET', '/stats');
      return { json, text: linesOf(json) };
    }),
});
