import { variantsFolder } from '../library/storage-keys.ts';
import { lifecycleOf } from '../store/s3/s3-lifecycle.ts';
import { CommandError, command } from './command.ts';
import { serverVariables } from './shell/server-variables.ts';

/** The rule of a bucket. */
export const lifecycleCommand = command({
  name: 'lifecycle',
  summary: 'Prints the rule by which the bucket of variants removes those written longer ago than TINTYPE_RETAIN_IDLE.',
  operands: { usage: '', least: 0, most: 0 },
  notes: ['In the form of S3; it takes the place of all rules the bucket has.'],
  options: {},
  environment: serverVariables,
  examples: [
    ['tintype lifecycle > rules.json', 'the rule'],
    [
      'aws s3api put-bucket-lifecycle-configuration --bucket BUCKET --lifecycle-configuration file://rules.json',
      'how it is set',
    ],
  ],
  run: async ({ shell }) => {
    const { readConfig } = await import('../config/index.ts');
    const { store, variants, retainIdle } = readConfig(shell.environment);
    const url = variants ?? store;
    if (!url.startsWith('s3:')) {
      throw new CommandError('usage', `Expected variants in a bucket (s3:), the server itself sweeps ${url}`);
    }
    if (retainIdle === null)
      throw new CommandError('usage', 'Expected TINTYPE_RETAIN_IDLE as a time such as 30d but it is off');
    const json = lifecycleOf(url, variantsFolder, retainIdle);
    return { json, text: JSON.stringify(json, null, 2) };
  },
});
