#!/usr/bin/env node
import { readConfig } from '../config.ts';
import { variantsFolder } from '../library/names.ts';
import { lifecycleOf } from '../store/s3-lifecycle.ts';

/** Prints the rule by which the bucket of variants removes those written longer ago than TINTYPE_RETAIN_IDLE. */
function main(): void {
  const { store, variants, retainIdle } = readConfig(process.env);
  const url = variants ?? store;
  if (!url.startsWith('s3:')) throw new Error(`Expected variants in a bucket (s3:), the server itself sweeps ${url}`);
  if (retainIdle === null) throw new Error('Expected TINTYPE_RETAIN_IDLE as a time such as 30d but it is off');
  console.log(JSON.stringify(lifecycleOf(url, variantsFolder, retainIdle), null, 2));
}

try {
  main();
} catch (cause) {
  console.error(`tintype: ${cause instanceof Error ? cause.message : String(cause)}`);
  process.exitCode = 1;
}
