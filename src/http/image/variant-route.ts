import { cut, Failure } from '../../errors.ts';
import type { Eager } from '../../library/selection/eager.ts';
import type { Pictures } from '../../library/intake/read-through.ts';
import { checkId } from '../../transform/image-path.ts';
import type { Presets } from '../../transform/transform.ts';
import { type Operation, targetOf } from '../message/route.ts';
import { sourceRefusals } from '../message/operation-docs.ts';

export interface VariantRouteParts {
  readonly originals: Pictures;
  readonly eager: Eager;
  readonly presets: Presets;
}

/** `GET, HEAD /originals/:id/variants/:preset`: on to the image URL. */
export function getVariant({ originals, eager, presets }: VariantRouteParts): Operation {
  return {
    tells: {
      does: 'Leads to the variant of a preset.',
      paths: ['/originals/{id}/variants/{preset}'],
      answers: { 302: { means: 'The image is there.', fields: ['Location', 'Cache-Control'] } },
      refuses: [
        'bad-words',
        'missing-original',
        'missing-preset',
        'over-limit',
        ...sourceRefusals,
        'store-unreachable',
        'damaged-original',
      ],
    },
    handle: async (context) => {
      const [, , id = '', , preset = ''] = targetOf(context).path.split('/');
      context.set('id', checkId(id, '/originals/'.length));
      const original = await originals.describe(id);
      if (!presets.has(preset)) {
        const known = [...presets.keys()].join(', ');
        throw new Failure('missing-preset', `Expected one of ${known} but received "${cut(preset)}"`);
      }
      const [wanted] = eager.read([preset]);
      if (wanted === undefined) throw new TypeError('Expected a variant for a preset');
      const Location = await eager.locate(original, wanted);
      return new Response(null, { status: 302, headers: { Location, 'Cache-Control': 'no-store' } });
    },
  };
}
