import { PassThrough, type Readable } from 'node:stream';
import { Busboy, type BusboyInstance } from '@fastify/busboy';
import { Failure, shorten } from '../../errors.ts';
import { bodyOf } from '../message/body.ts';
import type { HttpContext } from '../message/route.ts';

/** Bytes of a form that are not its file: fields, part headers, boundaries. */
export const formOverhead = 64 * 1024;

const limits = { files: 1, fields: 8, parts: 10, fieldSize: 4096, headerPairs: 32, headerSize: 8192 } as const;

/** A `multipart/form-data` body (RFC 7578) on its way. */
export interface Form {
  /** The bytes of its one file. Ends when the whole form was read, so that fields behind the file are known by then. */
  readonly file: AsyncIterable<Uint8Array>;
  /** Its fields, those before and those behind the file; an empty one counts as left out. */
  readonly fields: ReadonlyMap<string, string>;
}

/**
 * Reads a form as a stream: nothing of its file is held. Its one file is called `file`; `known` are the fields it may have.
 * Throws `bad-request`, or `digest-differs` where the connection ends before the form does; both when the file is read.
 */
export function readForm(context: HttpContext, known: readonly string[]): Form {
  const fields = new Map<string, string>();
  return { fields, file: read(context, fields, known) };
}

async function* read(
  context: HttpContext,
  fields: Map<string, string>,
  known: readonly string[],
): AsyncGenerator<Uint8Array> {
  const parser = parserOf(context);
  // Destroying it with the refusal answers at once, even while the client sends nothing more and waits for the answer.
  const file = new PassThrough();
  const refuse = (thrown: unknown): void => void file.destroy(asFailure(thrown));
  collect(parser, { fields, file, known, refuse });
  feed(parser, bodyOf(context)).catch(refuse);
  try {
    yield* file;
  } finally {
    parser.destroy();
  }
}

interface Collected {
  readonly fields: Map<string, string>;
  readonly file: PassThrough;
  readonly known: readonly string[];
  readonly refuse: (thrown: unknown) => void;
}

/** Moves what the parser finds to `fields` and `file`, and refuses the form at its first mistake. */
function collect(parser: BusboyInstance, { fields, file, known, refuse }: Collected): void {
  let hasFile = false;
  // The parser emits from the event loop: an error that leaves a listener would end the process.
  const guarded =
    <Event extends unknown[]>(listener: (...event: Event) => void) =>
    (...event: Event): void => {
      try {
        listener(...event);
      } catch (thrown) {
        refuse(thrown);
      }
    };
  parser.on('error', refuse);
  parser.on(
    'field',
    guarded((name: string | undefined, value: string, _nameCut: boolean, isCut: boolean) => {
      checkField(name, known);
      if (fields.has(name) || isCut) throw wrong(`${name} once and at most ${limits.fieldSize} bytes of it`);
      if (value !== '') fields.set(name, value);
    }),
  );
  for (const limit of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const) {
    parser.on(
      limit,
      guarded(() => {
        throw wrong('a form with one file and a few fields');
      }),
    );
  }
  parser.on(
    'file',
    guarded((name: string | undefined, stream: Readable) => {
      // The parser reports the same error itself.
      stream.on('error', () => undefined);
      if (name !== 'file') throw wrong(`the file in a field called file but received ${quoted(name)}`);
      hasFile = true;
      stream.pipe(file, { end: false });
    }),
  );
  parser.on(
    'finish',
    guarded(() => {
      if (!hasFile) throw wrong('a form with a file in a field called file but received none');
      file.end();
    }),
  );
}

/** One chunk at a time; throws what the body throws, and what the parser throws instead of emitting it. */
async function feed(parser: BusboyInstance, body: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of body) {
    await new Promise<void>((resolve, reject) => {
      parser.write(chunk, (error) => (error == null ? resolve() : reject(error)));
    });
  }
  parser.end();
}

function parserOf(context: HttpContext) {
  const type = context.req.header('content-type') ?? '';
  try {
    return new Busboy({ headers: { 'content-type': type }, limits });
  } catch (cause) {
    throw new Failure('bad-request', 'Expected multipart/form-data with a boundary', { cause });
  }
}

function checkField(name: string | undefined, known: readonly string[]): asserts name is string {
  if (name !== undefined && known.includes(name)) return;
  throw wrong(`a field called ${known.join(', ')} or a file called file but received ${quoted(name)}`);
}

const quoted = (name: string | undefined) => (name === undefined ? 'a part without a name' : `"${shorten(name)}"`);

const wrong = (expected: string) => new Failure('bad-request', `Expected ${expected}`);

function asFailure(cause: unknown): Failure {
  if (cause instanceof Failure) return cause;
  return new Failure('bad-request', 'Expected a whole multipart/form-data body but it is damaged or cut short', {
    cause,
  });
}
