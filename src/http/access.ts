import { createHash, timingSafeEqual } from 'node:crypto';
import { Failure } from '../errors.ts';
import type { HttpContext, Scope } from './route.ts';

/** A secret and what it opens. */
export interface Token {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly secret: string;
}

/** Equal lengths for the comparison, whatever was sent. */
const digest = (text: string) => createHash('sha256').update(text).digest();

/** Who may do what: tokens compared in constant time, before anything else of the request is looked at. */
export class Access {
  readonly #tokens: readonly { readonly scopes: readonly Scope[]; readonly digest: Buffer }[];

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens.map(({ scopes, secret }) => ({ scopes, digest: digest(secret) }));
  }

  /** Throws `unauthorized` without a token, with a wrong one, or with one that does not open this. */
  check(context: HttpContext, scope: Scope): void {
    const header = context.req.header('authorization');
    const sent = /^Bearer +([\x21-\x7e]+) *$/i.exec(header ?? '')?.[1];
    if (sent !== undefined && this.#opens(sent, scope)) return;
    const challenge = sent === undefined ? 'Bearer' : 'Bearer error="invalid_token"';
    throw new Failure('unauthorized', `Expected Authorization: Bearer and a token with the scope ${scope}`, {
      headers: { 'WWW-Authenticate': challenge, Connection: 'close' },
    });
  }

  /** Looks at every token, so that time says nothing. */
  #opens(sent: string, scope: Scope): boolean {
    const presented = digest(sent);
    let opens = false;
    for (const token of this.#tokens) {
      if (timingSafeEqual(token.digest, presented) && token.scopes.includes(scope)) opens = true;
    }
    return opens;
  }
}
