import type { Purge, Receipt } from '../../library/purging/purge.ts';
import type { LocalPurge } from '../../library/purging/purging.ts';
import { parseTransform } from '../../transform/grammar.ts';
import { splitImagePath } from '../../transform/image-path.ts';
import { type ReportOnlyLadder, snapToRungs } from '../../transform/ladder.ts';
import type { Presets } from '../../transform/transform.ts';
import { imagePaths } from '../image/docs.ts';
import { json } from '../message/json.ts';
import { readJson } from '../message/json-body.ts';
import { jsonContent, type OperationDoc } from '../message/operation-docs.ts';
import { type Operation, requestTarget } from '../message/route.ts';
import { purgeIn } from './purge-body.ts';

export interface PurgeRouteOptions {
  readonly purge: Purge;
  readonly localPurge: LocalPurge;
  readonly presets: Presets;
  readonly ladder: ReportOnlyLadder;
}

/** 207 where something is not forgotten yet and no large purge was asked for: the receipt says what, and which job goes on with it. */
function answer(receipt: Receipt): Response {
  const isPart =
    receipt.errors.length > 0 || receipt.cdn.some(({ status }) => status === 'retrying' || status === 'failed');
  return json(receipt, isPart ? 207 : 200);
}

const done = {
  description: 'What was forgotten, layer by layer; unknown ids are no mistake.',
  content: jsonContent('Receipt'),
};
const partly = {
  description: 'A part failed: the receipt names it, and the job that goes on with it.',
  content: jsonContent('Receipt'),
};

const imagePurgeDoc: OperationDoc = {
  summary: 'Forgets all variants of an original, or one spelling in every format it can give.',
  description: 'The method PURGE does the same. CDNs forget all of that id either way.',
  paths: imagePaths,
  responses: { 200: done, 207: partly },
  errors: ['bad-words', 'path-too-long', 'over-limit', 'unfit-words', 'missing-layer', 'store-unreachable', 'deadline'],
};

/** `DELETE, PURGE /img/:id[/components]`: all variants, or one spelling in every format it can give. */
export function purgeImage({ purge, presets, ladder }: PurgeRouteOptions): Operation {
  return {
    doc: imagePurgeDoc,
    handle: async (context) => {
      const path = splitImagePath(requestTarget(context).path, '/img/');
      context.set('id', path.id);
      const transform = snapToRungs(parseTransform(path, presets), ladder);
      if (path.segments.length > 0) return answer(await purge.purgeSpelling(path.id, transform));
      return answer(await purge.purge({ ...nothingMore, ids: [path.id] }));
    },
  };
}

const nothingMore = { prefix: null, tags: [], presets: [], variants: null, where: null, soft: false, dryRun: false };

const purgeDoc: OperationDoc = {
  summary: 'Forgets variants of some originals, or all there are: here and at the CDNs.',
  description:
    '`ids`, `prefix`, `tags` and `presets` are united; `variants` and `where` narrow them down. More than 100 originals, and presets, are a job. `soft` has CDNs mark stale where they can.',
  body: {
    means: 'What to forget, or all.',
    types: ['application/json'],
    schema: { $ref: '#/components/schemas/PurgeRequest' },
    example: { ids: ['cat'], tags: ['autumn'], where: { format: 'avif' }, dryRun: true },
  },
  responses: { 200: done, 207: partly },
  errors: [
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
export function postPurge({ purge, localPurge, presets }: PurgeRouteOptions): Operation {
  return {
    doc: purgeDoc,
    handle: async (context) => {
      const body = purgeIn(await readJson(context), presets);
      if (body.order === null) return answer(await purge.purgeAll(body));
      for (const words of body.order.variants ?? []) localPurge.read(words);
      return answer(await purge.purge(body.order));
    },
  };
}
