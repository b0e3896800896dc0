import { parsePlace } from './s3-place.ts';

const day = 86_400_000;

/**
 * A lifecycle configuration (JSON for `aws s3api put-bucket-lifecycle-configuration`) by which a bucket itself removes what
 * was written under a folder of a store longer ago than `age` ms, in whole days, rounded up. `url`: of the store, `s3:`.
 */
export function lifecycleOf(url: string, folder: string, age: number) {
  const { prefix } = parsePlace(url.slice('s3:'.length));
  const Days = Math.max(1, Math.ceil(age / day));
  const Filter = { Prefix: prefix + folder };
  return { Rules: [{ ID: 'tintype-variants', Status: 'Enabled', Filter, Expiration: { Days } }] };
}
