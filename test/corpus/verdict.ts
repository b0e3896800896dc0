/** What a manifest expects of a file, in our three words. */
export type Expectation = 'accepted' | 'refused' | 'either';

/** Statuses of the upload and of the renderings that followed it. */
export interface Outcome {
  readonly put: number;
  readonly gets: readonly number[];
}

/** Reads a manifest's free text: "decodes", "decodes or clean error", "probably undecodable", "…: 415", "no … loader …". */
export function expectationOf(text: string): Expectation {
  if (text === 'decodes') return 'accepted';
  return text.startsWith('decodes or') || text.startsWith('probably') ? 'either' : 'refused';
}

/** A refusal is a 415 or a 422 of the upload. What was accepted must render. */
export function fits(expected: Expectation, { put, gets }: Outcome): boolean {
  const accepted = put === 201 && gets.every((status) => status === 200);
  const refused = put === 415 || put === 422;
  return expected === 'accepted' ? accepted : expected === 'refused' ? refused : accepted || refused;
}
