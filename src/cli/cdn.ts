import { cdnFiles } from '../cdn/index.ts';
import { choiceIn } from '../config/readers.ts';
import { CommandError, command, optionalOption } from './command.ts';
import { readOrigin } from './shell/readers.ts';
import { atServer, refusal, withServer } from './shell/server.ts';

const providers = choiceIn(Object.keys(cdnFiles));

/** What a CDN is to be told. */
export const cdnCommand = command({
  name: 'cdn',
  summary: 'Prints the configuration of a CDN that fits the settings of a server, as a file to load.',
  operands: { usage: 'PROVIDER', least: 1, most: 1 },
  notes: [`PROVIDER is one of ${Object.keys(cdnFiles).join(', ')}.`],
  options: {
    ...atServer.options,
    origin: optionalOption('URL', readOrigin(), 'Where the CDN finds the server; otherwise where it was asked.'),
  },
  environment: atServer.environment,
  examples: [['tintype cdn varnish --origin http://tintype:3000 > tintype.vcl', 'for Varnish']],
  run: async ({ operands: [provider = ''], options: { url, origin }, shell }) => {
    const known = providers.parse(provider);
    if (known === undefined) throw new CommandError('usage', `Expected ${providers.expected} but received ${provider}`);
    return withServer(url, shell, async (server) => {
      const query = origin === null ? '' : `?origin=${encodeURIComponent(origin)}`;
      const answer = await server.send('GET', `/cdn/${known}${query}`);
      if (answer.status !== 200) throw refusal(answer);
      const configuration = answer.body.toString('utf8');
      return { json: { provider: known, configuration }, text: configuration.replace(/\n$/, '') };
    });
  },
});
