import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Busboy } from '@fastify/busboy';
import { cut, Failure } from '../errors.ts';
import type { HttpContext } from './route.ts';
import { bodyOf } from './upload-body.ts';

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
export function formOf(context: HttpContext, known: readonly string[]): Form {
  const fields = new Map<string, string>();
  return { fields, file: read(context, fields, known) };
}

async function* read(
  context: HttpContext,
  fields: Map<string, string>,
  known: readonly string[],
): AsyncGenerator<Uint8Array> {
  const parser = parserOf(context);
  const refuse = (sentence: string) => parser.destroy(new Failure('bad-request', sentence));
  parser.on('field', (name, value, _nameCut, isCut) => {
    if (!known.includes(name)) refuse(`Unknown field "${cut(name)}", expected one of file, ${known.join(', ')}`);
    else if (fields.has(name) || isCut) refuse(`Expected ${name} once and at most ${limits.fieldSize} bytes of it`);
    else if (value !== '') fields.set(name, value);
  });
  for (const limit of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const) {
    parser.on(limit, () => refuse('Expected a form with one file and a few fields'));
  }
  const found = new Promise<AsyncIterable<Uint8Array>>((resolve) => {
    parser.on('file', (name, stream) => {
      // Who reads it is told of its end by the parser too.
      stream.on('error', () => undefined);
      if (name === 'file') resolve(stream);
      else refuse(`Expected the file in a field called file but received "${cut(name)}"`);
    });
  });
  const source = Readable.from(bodyOf(context), { objectMode: false });
  const parsed = pipeline(source, parser).catch(asFailure);
  parsed.catch(() => undefined);
  try {
    yield* await Promise.race([found, parsed.then(noFile)]);
    await parsed;
  } catch (thrown) {
    // What stopped the parser says more than that its file ended early.
    await parsed;
    throw thrown;
  } finally {
    source.destroy();
    parser.destroy();
  }
}

function parserOf(context: HttpContext) {
  const type = context.req.header('content-type') ?? '';
  try {
    return new Busboy({ headers: { 'content-type': type }, limits });
  } catch (cause) {
    throw new Failure('bad-request', 'Expected multipart/form-data with a boundary', { cause });
  }
}

function noFile(): never {
  throw new Failure('bad-request', 'Expected a form with a file in a field called file but received none');
}

function asFailure(cause: unknown): never {
  if (cause instanceof Failure) throw cause;
  throw new Failure('bad-request', 'Expected a whole multipart/form-data body but it is damaged or cut short', {
    cause,
  });
}
