import { Failure, shorten } from '../../errors.ts';
import type { OriginalLookup } from '../../library/intake/read-through.ts';
import type { EagerVariants } from '../../library/selection/eager.ts';
import { idOfSegments, mistakenId } from '../../transform/id-segments.ts';
import { refuse } from '../../transform/image-path.ts';
import type { Presets } from '../../transform/transform.ts';
import { sourceErrors } from '../message/operation-docs.ts';
import { type Operation, requestTarget } from '../message/route.ts';

export interface VariantRouteOptions {
  readonly originals: OriginalLookup;
  readonly eager: EagerVariants;
  readonly presets: Presets;
}

/** `GET, HEAD /originals/:id/variants/:preset`: on to the image URL. */
export function getVariant({ originals, eager, presets }: VariantRouteOptions): Operation {
  return {
    doc: {
      summary: 'Leads to the variant of a preset.',
      paths: ['/originals/{id}/variants/{preset}'],
      responses: { 302: { description: 'The image is there.', headers: ['Location', 'Cache-Control'] } },
      errors: [
        'bad-words',
        'missing-original',
        'missing-preset',
        'over-limit',
        ...sourceErrors,
        'store-unreachable',
        'damaged-original',
      ],
    },
    handle: async (context) => {
      const segments = requestTarget(context).path.split('/').slice(2);
      const preset = segments.at(-1) ?? '';
      const spelled = segments.slice(0, -2);
      const id = idOfSegments(spelled) ?? refuse([mistakenId(spelled, '/originals/'.length)]);
      context.set('id', id);
      const original = await originals.describe(id);
      if (!presets.has(preset)) {
        const known = [...presets.keys()].join(', ');
        throw new Failure('missing-preset', `Expected one of ${known} but received "${shorten(preset)}"`);
      }
      const [wanted] = eager.read([preset]);
      if (wanted === undefined) throw new TypeError('Expected a variant for a preset');
      const Location = await eager.locate(original, wanted);
      return new Response(null, { status: 302, headers: { Location, 'Cache-Control': 'no-store' } });
    },
  };
}
