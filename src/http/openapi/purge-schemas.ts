import { formats } from '../../formats/index.ts';
import { idPattern } from '../../transform/id.ts';
import { tagPattern } from '../message/body.ts';
import type { Schema } from '../message/operation-docs.ts';
import { integer, list, object, objects, orNull, reference, string } from './schema-builders.ts';

/** What `POST /purge` takes, and what purges are answered with. */
export const purgeSchemas: Readonly<Record<string, Schema>> = {
  PurgeRequest: {
    type: 'object',
    additionalProperties: false,
    properties: {
      ids: { type: 'array', minItems: 1, items: reference('Id') },
      prefix: { type: 'string', pattern: idPattern.source, description: 'Of ids.' },
      tags: { type: 'array', minItems: 1, items: { type: 'string', pattern: tagPattern.source } },
      presets: { ...list(string), minItems: 1, description: 'What they made, of all originals.' },
      variants: { ...list(string), minItems: 1, description: 'These spellings alone: presets or components.' },
      where: {
        type: 'object',
        additionalProperties: false,
        minProperties: 1,
        properties: {
          format: { enum: Object.keys(formats) },
          widerThan: { ...integer, description: 'Pixels.' },
          olderThan: { ...string, description: 'A time, or an age such as `7d`.' },
        },
        description: 'Only stored variants of which all of this is true.',
      },
      all: { const: true, description: 'Everything; beside it only soft and dryRun.' },
      soft: { type: 'boolean', description: 'CDNs mark stale, where they can.' },
      dryRun: { type: 'boolean', description: 'Only says what would be forgotten.' },
    },
    anyOf: ['ids', 'prefix', 'tags', 'presets', 'all'].map((word) => ({ required: [word] })),
  },
  Receipt: object({
    dryRun: { type: 'boolean' },
    originals: integer,
    memory: { ...integer, description: 'Variants in memory.' },
    bucket: { ...objects, description: 'Stored variants.' },
    inFlight: { ...integer, description: 'Renders that nobody will keep.' },
    scheduled: { ...orNull(string), description: 'The job that does the rest.' },
    nodes: { type: 'integer', minimum: 1 },
    cdn: list(
      object({
        name: string,
        status: { enum: ['ok', 'retrying', 'failed', 'dry'] },
        keys: { ...list(string), description: 'Cache tags; `*` is everything.' },
        soft: { type: 'boolean', description: 'Marked stale, not forgotten.' },
        job: { ...orNull(string), description: 'The job that tells it the rest.' },
        error: orNull(string),
      }),
    ),
    errors: list(string),
  }),
};
