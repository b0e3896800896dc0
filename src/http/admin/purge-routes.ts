import type { Forgetting, Receipt } from '../../library/purging/purge.ts';
import type { Purging } from '../../library/purging/purging.ts';
import { parseTransform } from '../../transform/grammar.ts';
import { splitImagePath } from '../../transform/image-path.ts';
import { type SparingLadder, snapToRungs } from '../../transform/ladder.ts';
import type { Presets } from '../../transform/transform.ts';
import { imagePaths } from '../image/docs.ts';
import { json } from '../message/json.ts';
import { jsonIn } from '../message/json-body.ts';
import { purgeIn } from './purge-body.ts';
import { type Operation, targetOf } from '../message/route.ts';
import { jsonOf, type Tells } from '../message/operation-docs.ts';

export interface PurgeParts {
  readonly forgetting: Forgetting;
  readonly purging: Purging;
  readonly presets: Presets;
  readonly ladder: SparingLadder;
}

/** 207 where something is not forgotten yet and no large purge was asked for: the receipt says what, and which job goes on with it. */
function answer(receipt: Receipt): Response {
  const isPart =
    receipt.errors.length > 0 || receipt.cdn.some(({ status }) => status === 'retrying' || status === 'failed');
  return json(receipt, isPart ? 207 : 200);
}

const done = { means: 'What was forgotten, layer by layer; unknown ids are no mistake.', content: jsonOf('Receipt') };
const partly = {
  means: 'A part failed: the receipt names it, and the job that goes on with it.',
  content: jsonOf('Receipt'),
};

const tellsOfImage: Tells = {
  does: 'Forgets all variants of an original, or one spelling in every format it can give.',
  notes: 'The method PURGE does the same. CDNs forget all of that id either way.',
  paths: imagePaths,
  answers: { 200: done, 207: partly },
  refuses: [
    'bad-words',
    'path-too-long',
    'over-limit',
    'unfit-words',
    'missing-layer',
    'store-unreachable',
    'deadline',
  ],
};

/** `DELETE, PURGE /img/:id[/components]`: all variants, or one spelling in every format it can give. */
export function purgeImage({ forgetting, presets, ladder }: PurgeParts): Operation {
  return {
    tells: tellsOfImage,
    handle: async (context) => {
      const path = splitImagePath(targetOf(context).path, '/img/');
      context.set('id', path.id);
      const transform = snapToRungs(parseTransform(path, presets), ladder);
      if (path.segments.length > 0) return answer(await forgetting.purgeSpelling(path.id, transform));
      return answer(await forgetting.purge({ ...nothingMore, ids: [path.id] }));
    },
  };
}

const nothingMore = { prefix: null, tags: [], presets: [], variants: null, where: null, soft: false, dryRun: false };

const tellsOfPost: Tells = {
  does: 'Forgets variants of some originals, or all there are: here and at the CDNs.',
  notes:
    '`ids`, `prefix`, `tags` and `presets` are united; `variants` and `where` narrow them down. More than 100 originals, and presets, are a job. `soft` has CDNs mark stale where they can.',
  body: {
    means: 'What to forget, or all.',
    types: ['application/json'],
    schema: { $ref: '#/components/schemas/PurgeRequest' },
    example: { ids: ['cat'], tags: ['autumn'], where: { format: 'avif' }, dryRun: true },
  },
  answers: { 200: done, 207: partly },
  refuses: [
    'bad-request',
    'bad-words',
    'path-too-long',
    'digest-differs',
    'too-big',
    'store-unreachable',
    'disk-full',
    'deadline',
  ],
};

/** `POST /purge` */
export function postPurge({ forgetting, purging, presets }: PurgeParts): Operation {
  return {
    tells: tellsOfPost,
    handle: async (context) => {
      const body = purgeIn(await jsonIn(context), presets);
      if (body.order === null) return answer(await forgetting.purgeAll(body));
      for (const words of body.order.variants ?? []) purging.read(words);
      return answer(await forgetting.purge(body.order));
    },
  };
}
