import { readFile } from 'node:fs/promises';
import { integerIn, textIn, urlIn } from '../config/readers.ts';
import { CommandError, command, option, optionalOption } from './command.ts';
import { pathsIn, sampleOf } from './compare/access-log.ts';
import type { Comparison } from './compare/replay.ts';
import { usualServer } from './shell/server.ts';
import { wrong } from './shell/words.ts';

/** Replays requests of an access log against another product and against Tintype. */
export const compareCommand = command({
  name: 'compare',
  oldName: 'rehearse',
  summary: 'Replays a sample of an access log against another product and against a server, and compares what comes.',
  operands: { usage: 'LOG', least: 1, most: 1 },
  notes: [
    'LOG has a line for each request: in any format with "GET /path HTTP/1.1" in it, as JSON (nginx, Caddy, Traefik), as CloudFront writes it, or a URL or path alone. Each path is asked of both, one after the other.',
    'The table tells sizes, likeness (SSIMULACRA2: 100 is the same, 90 cannot be told apart), bytes, milliseconds and what was refused. Likeness is measured by the optional package calc-s2-rust.',
  ],
  options: {
    peer: optionalOption('URL', urlIn(), 'Where the other product answers; must be given.'),
    ours: option('URL', urlIn(), usualServer, 'Where its dialect answers on a server of ours.'),
    under: option('PREFIX', textIn(), '/', 'Where the paths begin that are pictures.'),
    sample: option('N', integerIn(1, 100_000), '100', 'How many URLs at most, from the most to the least asked for.'),
  },
  environment: {},
  examples: [
    [
      'tintype compare access.log --peer https://res.cloudinary.com --ours http://127.0.0.1:3000/cloudinary',
      'with TINTYPE_DIALECTS=cloudinary on our side',
    ],
  ],
  run: async ({ operands: [log = ''], options: { peer, ours, sample, under }, shell }) => {
    if (peer === null) throw wrong(compareCommand, 'Expected --peer URL but received none');
    const { compare, reportOf } = await import('./compare/replay.ts');
    const wanted = pathsIn(await readFile(log, 'utf8')).filter(({ path }) => path.startsWith(under));
    if (wanted.length === 0) throw wrong(compareCommand, `Expected requests below ${under} in ${log} but found none`);
    const compared: Comparison[] = [];
    for (const asked of sampleOf(wanted, sample)) {
      shell.interrupted.throwIfAborted();
      compared.push(await compare(asked, trimmed(ours), trimmed(peer)));
    }
    for (const side of ['theirs', 'ours'] as const) {
      const [first] = compared.map((each) => each[side]);
      if (first !== undefined && compared.every((each) => each[side].status === 0)) {
        throw new CommandError('unreachable', `Expected answers but ${first.words.join(' ')}`);
      }
    }
    return { json: { compared: compared.map(withoutBytes) }, text: reportOf(compared) };
  },
});

const trimmed = (url: string) => url.replace(/\/$/, '');

/** Without the bytes. */
function withoutBytes({ asked, ours, theirs, score }: Comparison) {
  const { body: _ours, ...our } = ours;
  const { body: _theirs, ...their } = theirs;
  return { ...asked, score, ours: our, theirs: their };
}
