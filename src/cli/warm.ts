import { setTimeout as pause } from 'node:timers/promises';
import { CommandError, type CommandResult, command, flag, optionalOption } from './command.ts';
import { linesOf } from './shell/plain.ts';
import { readId, readTag } from './shell/readers.ts';
import { atServer, type Server, withServer } from './shell/server.ts';
import type { Shell } from './shell/shell.ts';
import { wrong } from './shell/words.ts';

/** Milliseconds between two looks at a job. */
const look = 500;

interface Job {
  readonly id: string;
  readonly status: string;
  readonly progress: number;
  readonly results: readonly { readonly failed?: number; readonly originals?: number }[];
  readonly error: string | null;
}

/** Makes variants before the first request for them. */
export const warmCommand = command({
  name: 'warm',
  summary: 'Makes variants of many originals before anybody asks for them, behind live requests.',
  operands: { usage: 'WORDS…', least: 1, most: 16 },
  notes: [
    'WORDS are presets or components such as w_400,f_webp. Of all originals, unless --prefix or --tag says which.',
  ],
  options: {
    ...atServer.options,
    prefix: optionalOption('TEXT', readId(), 'Originals whose ids begin so.'),
    tag: optionalOption('TAG', readTag(), 'Originals with this tag.'),
    wait: flag('Waits for the end of it and tells how far it is.'),
  },
  environment: atServer.environment,
  examples: [
    ['tintype warm thumb w_800,f_avif --tag spring', 'begins, and prints the job'],
    ['tintype warm thumb --wait', 'thumbnails of all there is'],
  ],
  run: async ({ operands: presets, options: { url, prefix, tag, wait }, shell }) => {
    if (prefix !== null && tag !== null) throw wrong(warmCommand, 'Expected --prefix or --tag but received both');
    const selection = { ...(prefix === null ? {} : { prefix }), ...(tag === null ? {} : { tag }) };
    return withServer(url, shell, async (server) => {
      const begun = jobIn(await server.json('POST', '/jobs', { presets, ...selection }));
      return outcomeOf(wait ? await ended(begun, server, shell) : begun);
    });
  },
});

/** How far it is, how fast, and how long it takes yet. */
function progressLine({ progress, results }: Job, seconds: number): string {
  const pictures = results[0]?.originals ?? 0;
  const left = progress === 0 ? '' : `  ${Math.ceil((seconds / progress) * (1 - progress))} s left`;
  const rate = (pictures / Math.max(seconds, 0.001)).toFixed(1);
  return `${pictures} pictures  ${Math.round(100 * progress)} %  ${rate}/s${left}`;
}

async function ended(begun: Job, server: Server, shell: Shell): Promise<Job> {
  const start = performance.now();
  for (let job = begun; ; job = jobIn(await server.json('GET', `/jobs/${begun.id}`))) {
    if (shell.terminal.error) shell.say(`\r\u001b[K${progressLine(job, (performance.now() - start) / 1000)}`);
    if (job.status === 'complete' || job.status === 'failed') {
      if (shell.terminal.error) shell.say('\r\u001b[K');
      return job;
    }
    await pause(look, null, { signal: shell.interrupted });
  }
}

function jobIn(read: unknown): Job {
  if (typeof Object(read).id === 'string') return read as Job;
  throw new CommandError('unreachable', 'Expected a job of a Tintype server but received something else');
}

function outcomeOf(job: Job): CommandResult {
  const isWhole = job.status !== 'failed' && job.results.every(({ failed = 0 }) => failed === 0);
  return { json: job, text: linesOf(job), exitCode: isWhole ? 'done' : 'failed' };
}
