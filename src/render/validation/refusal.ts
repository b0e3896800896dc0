import { Failure } from '../../errors.ts';

/** 415: whatever it is, it is nothing that we take. */
export function notAnImage(sentence: string, cause?: unknown): Failure {
  return new Failure('not-an-image', sentence, { cause });
}

/** 422: a picture, but damaged or over a limit. */
export function refused(sentence: string, cause?: unknown): Failure {
  return new Failure('refused-image', sentence, { cause });
}

/** 422 with the one sentence for files that end too early. */
export function cutShort(format: string, where: string): Failure {
  return refused(`Expected a whole ${format} but the file ends ${where}`);
}
