import { bytesIn, millisecondsIn, offOr, tokenIn, urlIn } from './readers.ts';
import { optionalSetting, setting } from './setting.ts';

const tenYears = 10 * 365 * 86_400_000;

/** How long things are kept, and who hears what came of jobs. */
export const retentionSettings = {
  variantsMax: setting(
    'TINTYPE_VARIANTS_MAX',
    '10GB',
    bytesIn(2 ** 20, 2 ** 50),
    'Bytes of stored variants in a folder: those served least recently go first; where there is no room, answers are not stored.',
  ),
  retainAge: setting(
    'TINTYPE_RETAIN_AGE',
    'off',
    offOr(millisecondsIn(1000, tenYears)),
    'Originals that were stored or replaced longer ago are deleted, a day or two after a sweep has marked them.',
  ),
  retainSize: setting(
    'TINTYPE_RETAIN_SIZE',
    'off',
    offOr(bytesIn(1024, 2 ** 50)),
    'Above so many bytes of originals the oldest are deleted.',
  ),
  retainIdle: setting(
    'TINTYPE_RETAIN_IDLE',
    'off',
    offOr(millisecondsIn(1000, tenYears)),
    'Variants in a folder that nobody asked for so long are deleted; for a bucket `tintype lifecycle` prints a rule.',
  ),
  sweepEvery: setting(
    'TINTYPE_SWEEP_EVERY',
    '1h',
    millisecondsIn(0, 86_400_000),
    'How often what nobody can ask for any more is taken away, and what is kept too long; `0s` never.',
  ),
  webhook: optionalSetting(
    'TINTYPE_WEBHOOK',
    urlIn(),
    'Where to send word of every job that ended (Standard Webhooks).',
  ),
  webhookSecret: optionalSetting(
    'TINTYPE_WEBHOOK_SECRET',
    tokenIn(),
    'What webhooks are signed with: `whsec_` and base64, or text.',
  ),
} as const;
