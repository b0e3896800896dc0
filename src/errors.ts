/**
 * What can go wrong, in one table: its status and how long a cache may remember it.
 * Any room throws `Failure(kind, sentence)`; only `http/` turns it into an answer.
 */

const noStore = 'no-store';

/** Lifetimes are those of the documented status table; a missing original's may be shortened by configuration. */
export const failures = {
  'bad-request': { status: 400, cacheControl: noStore, title: 'Bad request' },
  'bad-words': { status: 400, cacheControl: 'public, max-age=300', title: 'Invalid transformation' },
  'digest-differs': { status: 400, cacheControl: noStore, title: 'The body is not what its headers say' },
  unauthorized: { status: 401, cacheControl: noStore, title: 'A token is needed' },
  forbidden: { status: 403, cacheControl: 'public, max-age=60', title: 'This URL is not allowed here' },
  'missing-original': { status: 404, cacheControl: 'public, max-age=30', title: 'No such original' },
  'missing-preset': { status: 404, cacheControl: noStore, title: 'No such preset' },
  'missing-job': { status: 404, cacheControl: noStore, title: 'No such job' },
  'no-route': { status: 404, cacheControl: noStore, title: 'No such route' },
  'wrong-method': { status: 405, cacheControl: noStore, title: 'Method not allowed' },
  'too-slow': { status: 408, cacheControl: noStore, title: 'The request came too slowly' },
  expired: { status: 410, cacheControl: noStore, title: 'This URL has expired' },
  precondition: { status: 412, cacheControl: noStore, title: 'Precondition failed' },
  'too-big': { status: 413, cacheControl: noStore, title: 'Too big' },
  'path-too-long': { status: 414, cacheControl: noStore, title: 'The path is too long' },
  'not-an-image': { status: 415, cacheControl: noStore, title: 'Not an image we accept' },
  'no-such-range': { status: 416, cacheControl: noStore, title: 'Range not satisfiable' },
  'refused-image': { status: 422, cacheControl: noStore, title: 'The image is damaged or over a limit' },
  'missing-layer': { status: 422, cacheControl: 'public, max-age=30', title: 'No such layer' },
  'unfit-words': {
    status: 422,
    cacheControl: 'public, max-age=300',
    title: 'These parameters do not fit this original',
  },
  'over-limit': { status: 422, cacheControl: 'public, max-age=300', title: 'This rendering is over a limit' },
  'over-budget': { status: 429, cacheControl: noStore, title: 'Too much at once' },
  'headers-too-big': { status: 431, cacheControl: noStore, title: 'The header fields are too big' },
  abandoned: { status: 499, cacheControl: noStore, title: 'The client went away' },
  internal: { status: 500, cacheControl: noStore, title: 'Internal error' },
  'store-unreachable': { status: 502, cacheControl: noStore, title: 'The store of originals does not answer' },
  'source-unreachable': { status: 502, cacheControl: noStore, title: 'The image source does not answer' },
  'damaged-original': { status: 502, cacheControl: noStore, title: 'The stored original is damaged' },
  overloaded: { status: 503, cacheControl: noStore, title: 'Too busy' },
  deadline: { status: 504, cacheControl: noStore, title: 'Deadline passed' },
  'disk-full': { status: 507, cacheControl: noStore, title: 'No space left' },
  loop: { status: 508, cacheControl: noStore, title: 'A request of our own came back' },
} as const satisfies Record<string, { status: number; cacheControl: string; title: string }>;

export type FailureKind = keyof typeof failures;

/** One mistake in a URL: where it stands, what stood there, what would have been right. */
export interface Mistake {
  /** Offset of the first wrong character in the path as it was sent. */
  readonly position: number;
  readonly received: string;
  readonly expected: string;
  readonly example: string;
  /** The nearest word of ours, or null when nothing is near. */
  readonly didYouMean: string | null;
  /** All of the above as one sentence. */
  readonly sentence: string;
}

export interface FailureDetail {
  readonly cause?: unknown;
  readonly mistakes?: readonly Mistake[];
  /** How many mistakes there are beside these. */
  readonly more?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The path that is right instead. */
  readonly suggestion?: string | null;
}

/** A refusal with a public sentence: expected, what, received. The cause is logged, never shown. */
export class Failure extends Error {
  readonly kind: FailureKind;
  readonly mistakes: readonly Mistake[];
  readonly more: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly suggestion: string | null;

  constructor(kind: FailureKind, sentence: string, detail: FailureDetail = {}) {
    super(sentence, { cause: detail.cause });
    this.name = 'Failure';
    this.kind = kind;
    this.mistakes = detail.mistakes ?? [];
    this.more = detail.more ?? 0;
    this.headers = detail.headers ?? {};
    this.suggestion = detail.suggestion ?? null;
  }
}

/** Cuts what a stranger sent so that it fits into a sentence; control characters become visible escapes. */
export function shorten(received: string, most = 40): string {
  const visible = JSON.stringify(received).slice(1, -1);
  return visible.length <= most ? visible : `${visible.slice(0, most)}…`;
}
