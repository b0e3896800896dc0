import { choiceIn, integerIn, textIn } from '../config/readers.ts';
import { formats } from '../formats/index.ts';
import { command, flag, optionalOption, several } from './command.ts';
import { linesOf } from './shell/plain.ts';
import { readId, readTag } from './shell/readers.ts';
import { atServer, withServer } from './shell/server.ts';
import { wrong } from './shell/words.ts';

/** Forgetting variants, here and in CDNs. */
export const purgeCommand = command({
  name: 'purge',
  summary: 'Makes a server and the CDNs before it forget variants; originals stay.',
  operands: { usage: '[ID…]', least: 0, most: 10_000 },
  notes: [
    'Ids, --prefix, --tag and --preset are united; --variant, --format, --wider-than and --older-than narrow them.',
    'Where a CDN could not be told, the exit code is 1 and the receipt names the job that goes on trying.',
  ],
  options: {
    ...atServer.options,
    prefix: optionalOption('TEXT', readId(), 'All ids that begin so.'),
    tag: several('TAG', readTag(), 'All originals with this tag.'),
    preset: several('NAME', textIn(), 'What this preset made, of all originals.'),
    all: flag('Everything; beside it only --soft and --dry-run.'),
    variant: several('WORDS', textIn(), 'Only this spelling: a preset or words.'),
    format: optionalOption('NAME', choiceIn(Object.keys(formats)), 'Only stored variants of this format.'),
    'wider-than': optionalOption('N', integerIn(0, 100_000), 'Only stored variants of more pixels across.'),
    'older-than': optionalOption('AGE', textIn(), 'Only stored variants made before a time, or an age such as 7d.'),
    soft: flag('CDNs mark stale, where they can, and show once more.'),
    'dry-run': flag('Only says what would be forgotten.'),
  },
  environment: atServer.environment,
  examples: [
    ['tintype purge cat dog', 'all variants of two pictures'],
    ['tintype purge --tag spring --format avif', 'the AVIFs of one tag'],
    ['tintype purge --all --dry-run', 'what everything would be'],
  ],
  run: async ({ operands: ids, options, shell }) => {
    const { url, prefix, tag, preset, all, variant, format, soft } = options;
    const [widerThan, olderThan, dryRun] = [options['wider-than'], options['older-than'], options['dry-run']];
    if (!all && ids.length + tag.length + preset.length === 0 && prefix === null) {
      throw wrong(purgeCommand, 'Expected an ID, --prefix, --tag, --preset or --all but received none of them');
    }
    const where = given({ format, widerThan, olderThan });
    const body = {
      ...given({
        ids,
        prefix,
        tags: tag,
        presets: preset,
        variants: variant,
        where: Object.keys(where).length === 0 ? null : where,
      }),
      ...(all ? { all } : {}),
      soft,
      dryRun,
    };
    return withServer(url, shell, async (server) => {
      const json = await server.json('POST', '/purge', body);
      for (const id of unknownIn(json)) shell.say(`tintype: No original has the id ${id}\n`);
      return { json, text: linesOf(json), exitCode: everyCdn(json) ? 'done' : 'failed' };
    });
  },
});

/** What was said, without what was not. */
function given(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const isSaid = (value: unknown) => value !== null && !(Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => isSaid(value)));
}

function unknownIn(receipt: unknown): readonly string[] {
  const { unknown = [] } = Object(receipt) as { readonly unknown?: readonly string[] };
  return unknown;
}

function everyCdn(receipt: unknown): boolean {
  const { cdn, errors } = Object(receipt) as {
    readonly cdn?: readonly { readonly status: string }[];
    readonly errors?: readonly string[];
  };
  return (errors ?? []).length === 0 && (cdn ?? []).every(({ status }) => status === 'ok' || status === 'dry');
}
