import { Failure } from '../errors.ts';
import { translated } from './translate.ts';

const [url = '', name] = process.argv.slice(2);
try {
  console.log(translated(url, name).join('\n'));
} catch (thrown) {
  if (!(thrown instanceof Failure)) throw thrown;
  console.error([thrown.message, ...thrown.mistakes.map(({ received }) => `lost: ${received}`)].join('\n'));
  process.exitCode = 1;
}
