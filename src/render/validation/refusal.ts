import { Failure } from '../../errors.ts';

/** Failure (415) for a file whose type is not accepted. */
export function notAnImage(sentence: string, cause?: unknown): Failure {
  return new Failure('not-an-image', sentence, { cause });
}

/** Failure (422) for an image that is damaged or over a limit. */
export function refused(sentence: string, cause?: unknown): Failure {
  return new Failure('refused-image', sentence, { cause });
}

/** Failure (422) for a truncated file. */
export function cutShort(format: string, where: string): Failure {
  return refused(`Expected a whole ${format} but the file ends ${where}`);
}
