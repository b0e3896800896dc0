import { bytesIn, millisecondsIn, offOr, tokenIn, urlIn } from './readers.ts';
import { optionalSetting, setting } from './setting.ts';

const tenYears = 10 * 365 * 86_400_000;

/** Settings of retention, the sweep and job webhooks. */
export const retentionSettings = {
  variantsMax: setting(
    'TINTYPE_VARIANTS_MAX',
    '10GB',
    bytesIn(2 ** 20, 2 ** 50),
    'Maximum size of variants in a folder. The least recently served ones are deleted first. On a full disk, new variants are not stored.',
  ),
  retainAge: setting(
    'TINTYPE_RETAIN_AGE',
    'off',
    offOr(millisecondsIn(1000, tenYears)),
    'Originals are deleted this long after they were stored or replaced, one or two days after a sweep has marked them.',
  ),
  retainSize: setting(
    'TINTYPE_RETAIN_SIZE',
    'off',
    offOr(bytesIn(1024, 2 ** 50)),
    'Maximum total size of originals. Beyond it the oldest are deleted.',
  ),
  retainIdle: setting(
    'TINTYPE_RETAIN_IDLE',
    'off',
    offOr(millisecondsIn(1000, tenYears)),
    'Variants in a folder are deleted this long after the last request. For a bucket, `tintype lifecycle` prints a rule.',
  ),
  sweepEvery: setting(
    'TINTYPE_SWEEP_EVERY',
    '1h',
    millisecondsIn(0, 86_400_000),
    'Interval of the sweep, which deletes unreachable variants and expired data. `0s` disables it.',
  ),
  webhook: optionalSetting(
    'TINTYPE_WEBHOOK',
    urlIn(),
    'URL that is notified of every job that ended (Standard Webhooks).',
  ),
  webhookSecret: optionalSetting(
    'TINTYPE_WEBHOOK_SECRET',
    tokenIn(),
    'Secret that signs webhooks: `whsec_` and base64, or any text.',
  ),
} as const;
