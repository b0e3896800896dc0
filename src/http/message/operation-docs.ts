import type { FailureKind } from '../../errors.ts';

/** JSON Schema of 2020-12, as OpenAPI 3.1 has it. */
export type Schema = { readonly [keyword: string]: unknown };

/** Request header fields that some operation honours, with what they do. */
export const requestFields = {
  'If-None-Match':
    'Entity tags the client holds: answers 304 where one of them is still right. On a write only `*`, for ids that are free.',
  'If-Match': 'The entity tag that must be stored for the request to be done (strong comparison).',
  Range: 'One range of bytes; several, and other units, are answered with the whole.',
  'If-Range': 'The strong entity tag for which the Range is meant; otherwise the whole is answered.',
  'Content-Digest': '`sha-256` or `sha-512` of the bytes sent (RFC 9530); a body with another digest is refused.',
  Prefer: '`respond-async`: the picture is stored, its variants are made by a job, the answer is 202 (RFC 7240).',
} as const;
export type RequestField = keyof typeof requestFields;

/** Response header fields worth a word. */
export const responseFields = {
  ETag: 'Validator: weak for images, strong for stored bytes.',
  'Cache-Control': 'How long caches may keep it.',
  Vary: '`Accept` under `f_auto`, else absent.',
  Link: 'The canonical URL of the same picture.',
  Location: 'Where it is.',
  'Preference-Applied': '`respond-async` where it was.',
  'Cache-Tag': 'What a CDN may purge it by, joined by commas.',
  'Surrogate-Key': 'The same joined by spaces.',
  'Cache-Status': 'Where it came from (RFC 9211).',
  'Tintype-Quality': 'The quality that was found, where `q_auto`, `q_ssim` or `mb` left it to us.',
  'Tintype-Approximated': 'What of a peer’s URL is answered by something that is only alike.',
  'Server-Timing': 'What it cost, in milliseconds.',
  'Content-Range': 'Which bytes of how many.',
  'Content-Digest': 'SHA-256 of the whole (RFC 9530).',
  'Content-Disposition': 'A file name made of id and format.',
  'Retry-After': 'Seconds after which to try again.',
  RateLimit: 'What is left, and seconds until there is more (draft-ietf-httpapi-ratelimit-headers).',
  'RateLimit-Policy': 'Megapixels or tries there are in a window of seconds.',
  'WWW-Authenticate': 'How to come back: with a bearer token.',
} as const;
export type ResponseField = keyof typeof responseFields;

export interface QueryParameter {
  readonly schema: Schema;
  readonly description: string;
}

export interface Content {
  /** Media types; each has the schema. Bytes have none. */
  readonly types: readonly string[];
  readonly schema: Schema | null;
  readonly example?: unknown;
}

export interface ResponseDoc {
  readonly description: string;
  readonly headers?: readonly ResponseField[];
  readonly content?: Content;
}

/** What callers are told of an operation; the OpenAPI document is made from it. */
export interface OperationDoc {
  /** One sentence. */
  readonly summary: string;
  readonly description?: string;
  /** In OpenAPI's spelling, where the route has a wildcard. */
  readonly paths?: readonly string[];
  readonly query?: Readonly<Record<string, QueryParameter>>;
  readonly requestHeaders?: readonly RequestField[];
  readonly body?: Content & { readonly means: string };
  readonly responses: Readonly<Record<number, ResponseDoc>>;
  /** Beside `internal`, and `unauthorized` where a token is needed. */
  readonly errors: readonly FailureKind[];
}

/** What looking a picture up in its source can end in: it is a picture like any other, but it comes when it is asked for. */
export const sourceErrors = ['not-an-image', 'refused-image', 'too-big', 'source-unreachable'] as const;

/** What understanding an image's URL can end in: from its words to the plan for its original and its layers. */
export const planErrors = [
  'bad-words',
  'path-too-long',
  'forbidden',
  'missing-original',
  'missing-layer',
  'over-limit',
  'unfit-words',
  'store-unreachable',
  'damaged-original',
  'deadline',
  ...sourceErrors,
] as const;

/** JSON by the name of its schema. */
export function jsonContent(name: string): Content {
  return { types: ['application/json'], schema: { $ref: `#/components/schemas/${name}` } };
}
