import { millisecondsIn, type Reader } from '../config/readers.ts';
import { Signatures } from '../http/auth/signatures.ts';
import { parseTransform } from '../transform/grammar.ts';
import { cosmeticName, type ImagePath, splitImagePath } from '../transform/image-path.ts';
import { CommandError, command, optionalOption } from './command.ts';
import { knownPresets, presetVariables } from './shell/presets.ts';

const tenYears = 3_650 * 86_400_000;

/** Unix seconds, or from now on: both as what the URL says. */
const expiryIn = (): Reader<number> => ({
  expected: `unix seconds, or ${millisecondsIn(1000, tenYears).expected} from now on`,
  parse(text) {
    if (/^\d{9,11}$/.test(text)) return Number(text);
    const span = millisecondsIn(1000, tenYears).parse(text);
    return span === undefined ? undefined : Math.ceil((Date.now() + span) / 1000);
  },
});

/** A URL that is believed where signatures are needed. */
export const signCommand = command({
  name: 'sign',
  summary: 'Signs the URL of a picture with the first of TINTYPE_SIGNING_KEYS. Asks no server.',
  operands: { usage: 'PATH|URL', least: 1, most: 1 },
  notes: [
    'The path begins with /img/, /info/ or /picture/. Its words are looked at first; what is wrong in them is named.',
  ],
  options: {
    expires: optionalOption(
      'WHEN',
      expiryIn(),
      'Unix seconds, or a time such as 7d after which it is answered no more.',
    ),
  },
  environment: {
    TINTYPE_SIGNING_KEYS:
      'Keys of at least 32 bytes joined by commas, as the server has them. Never said on a command line.',
    ...presetVariables,
  },
  examples: [['tintype sign /img/cat/w_400,f_webp/cat.webp --expires 7d', 'good for a week']],
  run: async ({ operands: [text = ''], options: { expires }, shell }) => {
    const { readConfig } = await import('../config/index.ts');
    const { signingKeys } = readConfig(shell.environment);
    if (signingKeys === null) throw new CommandError('usage', 'Expected TINTYPE_SIGNING_KEYS but it is not set');
    const [, origin = '', path = '', route = ''] =
      /^(https?:\/\/[^/]+)?((\/(?:img|info|picture)\/)[^?#]*)$/.exec(text) ?? [];
    if (path === '')
      throw new CommandError('usage', `Expected a path that begins with /img/, without a query, but received ${text}`);
    const split = splitImagePath(path, route);
    if (split.signature !== null) throw new CommandError('usage', 'Expected a path without a signature but it has one');
    if (route === '/picture/' && (expires !== null || split.segments.length > 0)) {
      throw new CommandError(
        'usage',
        'Expected nothing behind the id of /picture/, which takes no words and no expiry',
      );
    }
    const whole = expires === null ? path : expiring(split, route, expires);
    parseTransform(splitImagePath(whole, route), await knownPresets(shell));
    const signed = new Signatures(signingKeys).sign(whole);
    return { json: { url: origin + signed, expires }, text: origin + signed };
  },
});

/** An expiry stands in the first component; a name alone is none. */
function expiring({ id, segments }: ImagePath, route: string, expires: number): string {
  const words = segments.map(({ raw }) => raw);
  const [first = '', ...rest] = words;
  const hasComponent = segments.length > 1 || (segments.length === 1 && cosmeticName(segments[0]) === null);
  const all = hasComponent ? [`${first},exp_${expires}`, ...rest] : [`exp_${expires}`, ...words];
  return `${route}${id}/${all.join('/')}`;
}
