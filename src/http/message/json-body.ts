import { toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { Failure, shorten } from '../../errors.ts';
import { bodyOf } from './body.ts';
import type { Schema } from './operation-docs.ts';
import type { HttpContext } from './route.ts';

/** Bytes of JSON that are usually read at all. */
const maxBody = 1024 * 1024;

/** A JSON body of at most `most` bytes (1 MB), however it is framed. Throws `too-big` or `bad-request`. */
export async function readJson(context: HttpContext, most = maxBody): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bodyOf(context)) {
    length += chunk.byteLength;
    if (length > most) throw new Failure('too-big', `Expected at most ${most} bytes of JSON`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (cause) {
    throw new Failure('bad-request', 'Expected JSON', { cause });
  }
}

/** An object with these members and no others. `constructor` and the like are unknown, although every object inherits them. */
export function members<const Entries extends v.ObjectEntries>(entries: Entries) {
  const own: Entries = Object.assign(Object.create(null), entries);
  return v.strictObject(own);
}

/** A member that may be left out. An error says `Expected ${expected} but received …`; `docs` are keywords of the published schema. */
export function member<const S extends v.GenericSchema>(expected: string, schema: S, docs: Schema = {}) {
  return v.optional(v.pipe(schema, v.metadata({ expected, docs })));
}

/** A rule between members. `keywords` say the rule in JSON Schema; none where JSON Schema has no words for it. */
export function rule<T>(sentence: string, holds: (value: T) => boolean, keywords: Schema = {}) {
  return Object.assign(v.check<T, string>(holds, sentence), { keywords });
}

/** The JSON Schema (2020-12) that is published of a body, made from the schema that reads it. */
export function publishedSchema(schema: v.GenericSchema): Schema {
  const { $schema: _dialect, ...published } = toJsonSchema(schema, {
    target: 'draft-2020-12',
    typeMode: 'input',
    overrideSchema: ({ valibotSchema, jsonSchema }) => ({ ...jsonSchema, ...keywordsOf(valibotSchema) }),
    overrideAction: ({ valibotAction, jsonSchema }) => ({ ...jsonSchema, ...keywordsOf(valibotAction) }),
  });
  return published;
}

function keywordsOf(part: object): Schema {
  if ('keywords' in part) return Object(part.keywords);
  return 'metadata' in part ? Object(Object(part.metadata).docs) : {};
}

type BodySchema = v.GenericSchema & { readonly entries: v.ObjectEntries };

/** Reads a body by its schema. Throws `bad-request` that names the member and what was expected of it. */
export function readMembers<S extends BodySchema>(schema: S, read: unknown, example: string): v.InferOutput<S> {
  if (typeof read !== 'object' || read === null || Array.isArray(read)) {
    throw new Failure('bad-request', `Expected a JSON object such as ${example}`);
  }
  const result = v.safeParse(schema, read, { abortEarly: true });
  if (result.success) return result.output;
  throw new Failure('bad-request', sentenceOf(result.issues[0], schema.entries));
}

function sentenceOf(issue: v.BaseIssue<unknown>, entries: v.ObjectEntries): string {
  let known = entries;
  let expectation = issue.message;
  let received = issue.input;
  for (const { key, value } of issue.path ?? []) {
    const entry = typeof key === 'string' && key in known ? known[key] : undefined;
    if (entry === undefined && issue.expected === 'never' && issue.type === 'strict_object') {
      return `Unknown member "${shorten(String(key))}", expected one of ${Object.keys(known).join(', ')}`;
    }
    const wrapped = entry !== undefined && 'wrapped' in entry ? entry.wrapped : undefined;
    if (wrapped === undefined) break;
    expectation = String(Object(v.getMetadata(Object(wrapped)))['expected']);
    received = value;
    known = Object(wrapped).entries ?? Object.create(null);
  }
  return `Expected ${expectation} but received ${shortenJson(received)}`;
}

const maxShown = 40;

/** A value as JSON, cut so that it fits into a sentence: JSON has no raw control characters to escape. */
export function shortenJson(value: unknown): string {
  const text = textOf(value);
  return text.length <= maxShown ? text : `${text.slice(0, maxShown)}…`;
}

/** A body can nest deeper than a printer can follow. Throws `bad-request`. */
export function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'nothing';
  } catch {
    throw new Failure('bad-request', 'Expected JSON that is nested less deeply');
  }
}
