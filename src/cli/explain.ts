import { command } from './command.ts';
import { linesOf } from './shell/plain.ts';
import { atServer, withServer } from './shell/server.ts';

/** What a URL means to a server. */
export const explainCommand = command({
  name: 'explain',
  summary: 'Tells what a URL means: canonical spelling, plan, key, tier, estimate, warnings. Nothing is rendered.',
  operands: { usage: 'ID[/WORDS…]', least: 1, most: 1 },
  notes: ['Wrong words are named, each with what would have been right (exit code 2).'],
  options: atServer.options,
  environment: atServer.environment,
  examples: [['tintype explain cat/c_fill,g_auto,h_300,w_300', 'what a square thumbnail of cat would take']],
  run: async ({ operands: [path = ''], options: { url }, shell }) =>
    withServer(url, shell, async (server) => {
      const json = await server.json('GET', `/explain/${path}`);
      return { json, text: linesOf(json) };
    }),
});
