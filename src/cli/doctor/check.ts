import type { Config } from '../../config/index.ts';

/** One thing that was looked at. */
export interface Finding {
  readonly what: string;
  /** Null: could not be looked at, or is no more than advice. */
  readonly ok: boolean | null;
  /** What was found. */
  readonly said: string;
  /** What to do about it; null where nothing has to be done. */
  readonly mend: string | null;
}

/** What is looked at. */
export interface CheckContext {
  readonly config: Config;
  /** A folder of this command alone; it goes when the command ends. */
  readonly scratchFolder: string;
  /** A picture's URL through the CDN; null: the CDN is not asked. */
  readonly picture: string | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Looks at one thing a server needs. It changes nothing that stays, holds nothing up for longer than ten seconds, and does not throw
 * for what it is there to find out; whatever else it throws is shown as a finding that says so.
 */
export interface Check {
  readonly name: string;
  run(context: CheckContext): Promise<readonly Finding[]> | readonly Finding[];
}

export const passed = (what: string, said: string): Finding => ({ what, ok: true, said, mend: null });
export const failed = (what: string, said: string, mend: string): Finding => ({ what, ok: false, said, mend });
/** Works, and could be better; or cannot be looked at. */
export const warning = (what: string, said: string, mend: string | null = null): Finding => ({
  what,
  ok: null,
  said,
  mend,
});

export function sentenceOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  // Of several addresses that failed, Node tells a code and no sentence.
  return cause.message === '' && 'code' in cause ? String(cause.code) : cause.message;
}
