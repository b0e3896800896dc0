import { verifyCdn } from '../cdn/verify.ts';
import { urlIn } from '../config/readers.ts';
import { shorten } from '../errors.ts';
import { CommandError, command, optionalOption } from './command.ts';
import { readOrigin } from './shell/readers.ts';

/** What a CDN makes of a picture. */
export const cdnVerifyCommand = command({
  name: 'cdn verify',
  summary: 'Looks at a CDN from outside: is it cached, right, validated, apart by format, free of errors, and purged.',
  operands: { usage: 'URL', least: 1, most: 1 },
  notes: ['URL is that of a picture, as clients ask for it. Where something is wrong the exit code is 1.'],
  options: {
    origin: optionalOption('URL', readOrigin(), 'Where Tintype itself is reached for the purge; otherwise by the CDN.'),
  },
  environment: { TINTYPE_TOKEN: 'With the scope purge: a purge is tried too.' },
  examples: [
    [
      'tintype cdn verify https://img.example.com/img/sample/w_400/sample.webp --origin http://127.0.0.1:3000',
      'asks through the CDN, purges at the server',
    ],
  ],
  run: async ({ operands: [text = ''], options: { origin }, shell }) => {
    const url = urlIn().parse(text);
    if (url === undefined)
      throw new CommandError('usage', `Expected ${urlIn().expected} but received ${shorten(text)}`);
    const token = shell.environment['TINTYPE_TOKEN'] ?? null;
    const findings = await verifyCdn({ url: new URL(url), origin, token, request: fetch }).catch((cause: unknown) => {
      throw new CommandError('unreachable', `Expected an answer of ${new URL(url).origin} but received none`, cause);
    });
    const mark = (ok: boolean | null) => (ok === null ? '–' : ok ? '✓' : '✗');
    return {
      json: { findings },
      text: findings.map(({ what, ok, said }) => `${mark(ok)} ${what}: ${said}`).join('\n'),
      exitCode: findings.some(({ ok }) => ok === false) ? 'failed' : 'done',
    };
  },
});
