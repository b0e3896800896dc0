import { parsePlace } from './s3-place.ts';

const day = 86_400_000;

/**
 * Lifecycle configuration (JSON for `aws s3api put-bucket-lifecycle-configuration`) that expires objects under
 * `folder`. `age` in milliseconds, rounded up to whole days; `url` of the store, with `s3:`.
 */
export function lifecycleOf(url: string, folder: string, age: number) {
  const { prefix } = parsePlace(url.slice('s3:'.length));
  const Days = Math.max(1, Math.ceil(age / day));
  const Filter = { Prefix: prefix + folder };
  return { Rules: [{ ID: 'tintype-variants', Status: 'Enabled', Filter, Expiration: { Days } }] };
}
