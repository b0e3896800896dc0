import { idPattern } from '../../transform/id.ts';
import type { Schema } from '../message/operation-docs.ts';

export const idSchema: Schema = {
  type: 'string',
  pattern: idPattern.source,
  description:
    '1 to 200 characters; `:` separates folders. Other paths are `path~` and base64url, at most 250 characters.',
  examples: ['cat', 'products:2026:shoe'],
};

export const integer = { type: 'integer', minimum: 0 } as const;
export const side = { type: 'integer', minimum: 1, description: 'Upright pixels.' } as const;
export const string = { type: 'string' } as const;
export const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** Every member is there in every answer. */
export function object(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema {
  return { type: 'object', required: Object.keys(properties).filter((key) => !optional.includes(key)), properties };
}

export const list = (items: Schema): Schema => ({ type: 'array', items });
export const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] });
export const objects = object({ objects: integer, bytes: integer });
