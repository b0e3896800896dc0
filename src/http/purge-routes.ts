import { cut, Failure } from '../errors.ts';
import type { Choices } from '../library/choices.ts';
import { add, type Forgotten, type Library, nothingForgotten } from '../library/library.ts';
import type { Originals } from '../library/originals.ts';
import { parseTransform } from '../transform/grammar.ts';
import { checkId, splitImagePath } from '../transform/image-path.ts';
import { type SparingLadder, snapToRungs } from '../transform/ladder.ts';
import { resolveTransform } from '../transform/resolve.ts';
import type { Presets, RequestedTransform } from '../transform/transform.ts';
import { imagePaths } from './image-tells.ts';
import { json, jsonIn } from './json.ts';
import { type HttpContext, type Operation, targetOf } from './route.ts';
import { jsonOf, type Tells } from './tells.ts';

export interface PurgeParts {
  readonly library: Library;
  readonly choices: Choices;
  readonly originals: Originals;
  readonly presets: Presets;
  readonly ladder: SparingLadder;
}

/** The receipt: what was forgotten, layer by layer. */
function receipt(forgotten: Forgotten): Response {
  const { originals, memory, bucket, inFlight } = forgotten;
  return json({ dryRun: false, originals, memory, bucket, inFlight, scheduled: null, nodes: 1, cdn: [], errors: [] });
}

const tellsOfImage: Tells = {
  does: 'Forgets all variants of an original, or one spelling in every format it can give.',
  notes: 'The method PURGE does the same.',
  paths: imagePaths,
  answers: { 200: { means: 'What was forgotten; an unknown id is no mistake.', content: jsonOf('Receipt') } },
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
export function purgeImage({ library, choices, originals, presets, ladder }: PurgeParts): Operation {
  return {
    tells: tellsOfImage,
    handle: async (context) => {
      const path = splitImagePath(targetOf(context).path, '/img/');
      context.set('id', path.id);
      const transform = snapToRungs(parseTransform(path, presets), ladder);
      if (path.segments.length === 0) return receipt(await library.forget([path.id]));
      const original = await originals.find(path.id);
      if (original === null) return receipt(nothingForgotten);
      let sum = { ...nothingForgotten, originals: 1 };
      for (const accept of acceptsOf(transform)) {
        const meant = await choices.meant(original, resolveTransform(transform, { accept }));
        for (const spec of meant) sum = add(sum, await library.forgetVariant(spec));
      }
      return receipt(sum);
    },
  };
}

/** One client for every answer that a spelling can have. */
function acceptsOf({ answer }: RequestedTransform): readonly (string | null)[] {
  return answer.f === 'auto' ? ['image/avif', 'image/webp', null] : [null];
}

const tellsOfPost: Tells = {
  does: 'Forgets all variants of some originals, or of all.',
  body: {
    means: 'Ids, or all.',
    types: ['application/json'],
    schema: { $ref: '#/components/schemas/PurgeRequest' },
    example: { ids: ['cat'] },
  },
  answers: { 200: { means: 'What was forgotten; unknown ids are no mistake.', content: jsonOf('Receipt') } },
  refuses: ['bad-request', 'bad-words', 'digest-differs', 'too-big', 'store-unreachable', 'deadline'],
};

/** `POST /purge` */
export function postPurge({ library }: PurgeParts): Operation {
  return {
    tells: tellsOfPost,
    handle: async (context) => {
      const body = await bodyOf(context);
      if (body.all) return receipt(await library.forgetAll());
      return receipt(await library.forget(body.ids));
    },
  };
}

interface PurgeBody {
  readonly ids: readonly string[];
  readonly all: boolean;
}

async function bodyOf(context: HttpContext): Promise<PurgeBody> {
  const read = await jsonIn(context);
  if (typeof read !== 'object' || read === null || Array.isArray(read)) {
    throw new Failure('bad-request', 'Expected a JSON object such as {"ids":["cat"]}');
  }
  const { ids, all, ...rest } = Object.fromEntries(Object.entries(read));
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw new Failure('bad-request', `Unknown member "${cut(unknown)}", expected ids or all`);
  if (all !== undefined && (all !== true || ids !== undefined)) {
    throw new Failure('bad-request', 'Expected {"all":true} alone');
  }
  if (all === true) return { ids: [], all: true };
  return { ids: idsIn(ids), all: false };
}

function idsIn(ids: unknown): readonly string[] {
  if (!Array.isArray(ids) || ids.length === 0) {
    throw new Failure('bad-request', 'Expected ids as a list with at least one id, or {"all":true}');
  }
  return ids.map((id: unknown) => {
    if (typeof id === 'string') return checkId(id);
    throw new Failure('bad-request', `Expected ids as strings but received ${cut(JSON.stringify(id))}`);
  });
}
