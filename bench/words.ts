import { Failure } from '../src/errors.ts';
import { problemText } from '../src/http/message/problem.ts';
import { parseTransform } from '../src/transform/grammar.ts';
import { maxPath, splitImagePath } from '../src/transform/image-path.ts';
import { builtInPresets, readPresets } from '../src/transform/presets.ts';

/** `npm run bench:words`: what it costs to read or refuse the longest paths, in milliseconds of CPU, and how long the answer is. */

const presets = readPresets(builtInPresets);
const rounds = 500;

/** A word of its own for each number, near to no word of ours or one letter off. */
const letters = (index: number, count: number) =>
  Array.from({ length: count }, (_, place) => String.fromCharCode(97 + ((index * 7 + place * place * 5) % 26))).join(
    '',
  );
const words = (count: number, word: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => word(index));

const lists: Readonly<Record<string, readonly string[]>> = {
  '225 unknown presets': words(225, (index) => letters(index, 8)),
  '225 unknown parameters': words(225, (index) => `${letters(index, 6)}_1`),
  '225 unknown effects': words(225, (index) => `e_${letters(index, 6)}`),
  '64 unknown presets': words(64, (index) => letters(index, 8)),
  '64 unknown parameters': words(64, (index) => `${letters(index, 28)}_1`),
  '64 unknown effects': words(64, (index) => `e_${letters(index, 28)}`),
  '64 wrong values': words(64, (index) => `w_${letters(index, 28)}`),
  '5 right words': ['c_fill', 'f_webp', 'h_300', 'q_80', 'w_400'],
};

/** How many bytes a refusal of the path has; 0 where it is legal. */
function bytesOf(path: string): number {
  try {
    parseTransform(splitImagePath(path, '/img/'), presets);
    return 0;
  } catch (thrown) {
    if (thrown instanceof Failure) return Buffer.byteLength(problemText(thrown));
    throw thrown;
  }
}

for (const [what, list] of Object.entries(lists)) {
  const path = `/img/cat/${list.join(',')}`.slice(0, maxPath);
  for (let round = 0; round < rounds; round++) bytesOf(path);
  const begun = process.cpuUsage();
  for (let round = 0; round < rounds; round++) bytesOf(path);
  const { user, system } = process.cpuUsage(begun);
  console.log(`${what}: ${((user + system) / 1000 / rounds).toFixed(3)} ms, ${bytesOf(path)} bytes`);
}
