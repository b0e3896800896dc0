import { command, flag } from './command.ts';
import { linesOf } from './shell/plain.ts';
import { atServer, withServer } from './shell/server.ts';

/** Cleaning and retention, now. */
export const sweepCommand = command({
  name: 'sweep',
  summary: 'Takes away what nobody can ask for any more, and what is kept longer than the server is told to.',
  operands: { usage: '', least: 0, most: 0 },
  notes: ['A server does so by itself every TINTYPE_SWEEP_EVERY.'],
  options: { ...atServer.options, 'dry-run': flag('Only counts what would go.') },
  environment: atServer.environment,
  examples: [['tintype sweep --dry-run', 'what would go']],
  run: async ({ options, shell }) =>
    withServer(options.url, shell, async (server) => {
      const json = await server.json('POST', options['dry-run'] ? '/sweep?dryRun' : '/sweep');
      return { json, text: linesOf(json) };
    }),
});
