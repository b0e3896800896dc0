import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitCodes } from '../../src/cli/command.ts';
import { commands } from '../../src/cli/index.ts';
import { tintype } from '../support/command-line.ts';

/** Nobody listens there. */
const nowhere = { TINTYPE_URL: 'http://127.0.0.1:9' } as const;
const keys = { TINTYPE_SIGNING_KEYS: '0123456789abcdef0123456789abcdef' } as const;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tintype-lines-'));
  await mkdir(join(folder, 'twice'));
  for (const name of ['twice/a.jpg', 'twice/a.png', 'one.jpg']) await writeFile(join(folder, name), 'no picture');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(commands)('tintype $name', (command) => {
  it('tells in its help every option, variable, example and exit code', async () => {
    const { code, out, said } = await tintype([...command.name.split(' '), '--help']);
    expect([code, said]).toEqual([0, '']);
    const help = out;
    for (const name of Object.keys(command.options)) expect(help).toMatch(new RegExp(`^  --${name}\\b`, 'm'));
    for (const name of Object.keys(command.environment)) expect(help).toContain(`  ${name}`);
    for (const [line] of command.examples) expect(help).toContain(line);
    for (const { code: exit } of Object.values(exitCodes)) expect(help).toMatch(new RegExp(`^  ${exit} `, 'm'));
    for (const line of help.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
  });

  it('has examples that it would take', async () => {
    for (const [line] of command.examples) {
      const [, program, rest = ''] = /^(?:[A-Z_]+=\S+ )?(\S+) ([^|>]*)/.exec(line) ?? [];
      if (program !== 'tintype') continue;
      const words = rest.trim().replaceAll("'", '').split(/\s+/);
      const { said } = await tintype([...words, '--help']);
      expect([line, said]).toEqual([line, '']);
    }
  });

  it('refuses an option that it does not have, in one sentence and with 2', async () => {
    const { code, out, said } = await tintype([...command.name.split(' '), 'x', '--nonsense']);
    expect([code, out]).toEqual([2, '']);
    expect(said).toMatch(/^tintype: Unknown option --nonsense.*\n$/);
  });
});

describe('A command line', () => {
  it.each([
    [[], 0, ''],
    [['--help'], 0, ''],
    [['help', 'put'], 0, ''],
    [['pot'], 2, 'Unknown command pot; did you mean put?'],
    [['help', 'nonsense'], 2, 'Unknown command nonsense; tintype --help lists them'],
    [['put'], 2, 'Expected DIR|FILE… but received nothing; tintype put --help tells more'],
    [['get', 'a', 'b', '--out', 'x'], 2, 'Expected ID[/WORDS…] but received a b; tintype get --help tells more'],
    [['get', 'a'], 2, 'JSON', ['--json']],
    [['put', 'x', '--parallel', '0'], 2, 'Expected an integer from 1 to 64 for --parallel but received "0"'],
    [['put', 'x', '--paralel=3'], 2, 'Unknown option --paralel (did you mean --parallel?)'],
    [['put', 'x', '--parallel'], 2, "Option '--parallel <value>' argument missing"],
    [['put', 'x', '--bare=yes'], 2, "Option '--bare' does not take an argument"],
    [['put', 'x', '--id', 'a/b'], 2, 'Expected an id of 1 to 200 characters'],
    [['put', '/nowhere/at/all'], 2, 'Expected a file or folder at /nowhere/at/all but there is none'],
    [
      ['stats', '--url', 'ftp://x'],
      2,
      'Expected a URL such as https://s3.example.com for --url but received "ftp://x"',
    ],
    [['purge'], 2, 'Expected an ID, --prefix, --tag, --preset or --all but received none of them'],
    [['purge', 'cat', '--format', 'bmp'], 2, 'Expected one of jpg, png, webp, avif, gif, tiff for --format'],
    [['warm', 'thumb', '--tag', 'a', '--prefix', 'b'], 2, 'Expected --prefix or --tag but received both'],
    [['cdn', 'akamai'], 2, 'Expected one of varnish, nginx, cloudfront, cloudflare, fastly but received akamai'],
    [['cdn', 'verify', 'x'], 2, 'Expected a URL such as'],
    [['url', 'cat', 'w_4oo'], 2, 'Expected an integer from 1 to 8192'],
    [['url', '-cat'], 2, 'Unknown option'],
    [['url', 'ca%t'], 2, 'Expected a path without empty or hidden names'],
    [['sign', '/img/cat/w_9'], 2, 'Expected TINTYPE_SIGNING_KEYS but it is not set'],
    [['translate', '/unsafe/10x10/cat'], 2, 'this URL does not tell whose it is'],
    [['lifecycle'], 2, 'Expected variants in a bucket (s3:), the server itself sweeps file:./data'],
    [['serve', '/nowhere/at/all'], 2, 'Expected a folder of pictures at /nowhere/at/all but there is none'],
    [['serve', '--port', 'many'], 2, 'Expected an integer from 0 to 65535 for TINTYPE_PORT but received "many"'],
    [['stats'], 3, 'Expected a Tintype server at http://127.0.0.1:9 but received ECONNREFUSED'],
    [['cdn', 'verify', 'http://127.0.0.1:9/img/cat'], 3, 'Expected an answer of http://127.0.0.1:9 but received none'],
  ] as const)('%j ends with %i: %s', async (words, code, sentence, more: readonly string[] = []) => {
    const ended = await tintype([...words, ...more], nowhere);
    expect(ended.code).toBe(code);
    if (code === 0) expect([ended.said, ended.out]).toEqual(['', expect.stringContaining('Usage: tintype')]);
    else expect(ended.said).toMatch(/^tintype: [^\n]+\n$/);
    expect(ended.said).toContain(sentence);
  });

  it('that speaks to nobody ends at once, before any file is read', async () => {
    expect(await tintype(['put', join(folder, 'one.jpg')], nowhere)).toMatchObject({ code: 3, out: '' });
  });

  it('with --json is answered in JSON even where it is wrong', async () => {
    const { code, out } = await tintype(['url', 'cat', 'w_4oo', '--json']);
    expect([code, JSON.parse(out)]).toEqual([2, { error: expect.stringContaining('for w but received'), exit: 2 }]);
  });

  it.each([
    ['/img/cat/exp_1800000000,w_9', 'Expected exp_ only once'],
    ['/img/cat/f_orig', 'Expected f_orig as the only word'],
    ['/picture/cat', 'Expected nothing behind the id of /picture/'],
  ])('signs no %s with an expiry, which no server would answer', async (path, sentence) => {
    const environment = { TINTYPE_SIGNING_KEYS: 'key-of-at-least-thirty-two-bytes-for-tests' };
    const { code, out, said } = await tintype(['sign', path, '--expires', '7d'], environment);
    expect([code, out, said]).toEqual([2, '', expect.stringContaining(sentence)]);
  });

  it('never shows a token or a key', async () => {
    const hidden = 'hidden-secret-of-somebody';
    const environment = { ...nowhere, TINTYPE_TOKEN: hidden, TINTYPE_SIGNING_KEYS: hidden };
    for (const words of [['stats'], ['sign', '/img/cat'], ['put', folder], ['serve', '--port', 'x']]) {
      const { out, said } = await tintype(words, environment);
      expect(out + said).not.toContain(hidden);
    }
  });
});

describe('Without a server', () => {
  it.each([
    [['url', 'cat', 'w_400,f_webp'], '/img/cat/f_webp,w_400/cat.webp'],
    [
      ['url', 'cat/thumb', '--base', 'https://img.example.com/'],
      'https://img.example.com/img/cat/f_webp,h_150,q_80,w_150/cat.webp',
    ],
    [['url', 'cat', 'c_crop,w_9,h_9', 'w_3'], '/img/cat/c_crop,h_9,w_9/w_3'],
  ])('%j prints %s', async (words, url) => {
    expect(await tintype(words)).toMatchObject({ code: 0, out: `${url}\n`, said: '' });
  });

  it('presets of the server are known to url', async () => {
    const { out } = await tintype(['url', 'cat', 'tiny', '--json'], { TINTYPE_PRESETS: '{"tiny":"w_9,f_png"}' });
    expect(JSON.parse(out)).toEqual({ url: '/img/cat/f_png,w_9/cat.png' });
  });

  it('two files of one id are refused before anything is sent', async () => {
    const { code, said } = await tintype(['put', join(folder, 'twice'), '--bare'], nowhere);
    expect([code, said]).toEqual([2, expect.stringMatching(/a\.jpg and .*a\.png are both a\n$/)]);
  });

  it.each([
    ['/img/cat/w_400/cat.webp', /^\/img\/cat\/s--[\w-]{32}--\/w_400,exp_1999999999\/cat\.webp\n$/],
    ['/img/cat', /^\/img\/cat\/s--[\w-]{32}--\/exp_1999999999\n$/],
    [
      'https://a.example/img/cat/cat.webp',
      /^https:\/\/a\.example\/img\/cat\/s--[\w-]{32}--\/exp_1999999999\/cat\.webp\n$/,
    ],
  ])('%s is signed with an expiry where one may stand', async (path, signed) => {
    const { code, out } = await tintype(['sign', path, '--expires', '1999999999'], keys);
    expect([code, out]).toEqual([0, expect.stringMatching(signed)]);
  });

  it.each([
    ['/img/cat/w_4oo', 'for w but received'],
    [`/img/cat/s--${'a'.repeat(32)}--/w_9`, 'a path without a signature'],
    ['/originals/cat', 'a path that begins with /img/'],
    ['/img/cat/w_9?x', 'without a query'],
  ])('%s is not signed', async (path, sentence) => {
    const { code, said } = await tintype(['sign', path], keys);
    expect([code, said]).toEqual([2, expect.stringContaining(sentence)]);
  });
});
