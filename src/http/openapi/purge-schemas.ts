import type { Schema } from '../message/operation-docs.ts';
import { integer, list, object, objects, orNull, string } from './schema-builders.ts';

/** What purges are answered with. */
export const purgeSchemas: Readonly<Record<string, Schema>> = {
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
    unknown: { ...list(string), description: 'Ids that were named but have no original.' },
  }),
};
