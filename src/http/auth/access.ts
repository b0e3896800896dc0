import { createHash, timingSafeEqual } from 'node:crypto';
import { Failure } from '../../errors.ts';
import { type Auth, type HttpContext, requestTarget, type Scope } from '../message/route.ts';
import { checkExpiry } from './expiry.ts';
import type { ReportOnly } from './report-only.ts';
import type { Signatures } from './signatures.ts';
import type { TokenThrottle } from './token-throttle.ts';

/** A secret and what it opens. */
export interface Token {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly secret: string;
}

export interface AccessOptions {
  readonly tokens: readonly Token[];
  readonly signatures: Signatures;
  readonly reportOnly: ReportOnly;
  readonly throttle: TokenThrottle;
}

/** Equal lengths for the comparison, whatever was sent. */
const digest = (text: string) => createHash('sha256').update(text).digest();

/** Who may do what: tokens and signatures compared in constant time, before anything else of the request is looked at. */
export class Access {
  readonly #parts: AccessOptions;
  readonly #tokens: readonly { readonly scopes: readonly Scope[]; readonly digest: Buffer }[];

  constructor(parts: AccessOptions) {
    this.#parts = parts;
    this.#tokens = parts.tokens.map(({ scopes, secret }) => ({ scopes, digest: digest(secret) }));
  }

  /** Throws `unauthorized`, or `over-budget` where too many were wrong, for a token's routes; `forbidden`, then `expired`, for those that signatures open. */
  check(context: HttpContext, who: Exclude<Auth, 'public'>): void {
    if (who === 'signature') this.#checkSignature(context, () => false);
    else if (who === 'signature or read') this.#checkSignature(context, () => this.grants(context, 'read'));
    else this.#checkToken(context, who);
  }

  /** Whether the request brings a token with this scope. */
  grants(context: HttpContext, scope: Scope): boolean {
    const sent = tokenOf(context);
    return sent !== null && this.#isToken(context, sent, scope);
  }

  #checkToken(context: HttpContext, scope: Scope): void {
    const sent = tokenOf(context);
    if (sent !== null && this.#isToken(context, sent, scope)) return;
    const challenge = sent === null ? 'Bearer' : 'Bearer error="invalid_token"';
    throw new Failure(
      'unauthorized',
      `Expected Authorization: Bearer and a token with the scope ${scope}; TINTYPE_TOKEN and TINTYPE_TOKENS set them`,
      {
        headers: { 'WWW-Authenticate': challenge, Connection: 'close' },
      },
    );
  }

  #checkSignature(context: HttpContext, isOpen: () => boolean): void {
    const { signatures, reportOnly } = this.#parts;
    const { path } = requestTarget(context);
    if (signatures.areRequired) {
      const isSigned = signatures.verify(path);
      context.set('signed', isSigned);
      if (!isSigned && !isOpen()) {
        if (!reportOnly.isOn('signing'))
          throw new Failure('forbidden', 'Expected a signature of this very path: s--…-- behind the id');
        reportOnly.count('signing', context, { path, words: null });
      }
    }
    checkExpiry(context, path);
  }

  /** Looks at every token, so that time says nothing. */
  #isToken(context: HttpContext, sent: string, scope: Scope): boolean {
    const presented = digest(sent);
    let [isKnown, opens] = [false, false];
    for (const token of this.#tokens) {
      const isSame = timingSafeEqual(token.digest, presented);
      if (isSame) isKnown = true;
      if (isSame && token.scopes.includes(scope)) opens = true;
    }
    if (!isKnown) this.#parts.throttle.countWrong(context);
    return opens;
  }
}

function tokenOf(context: HttpContext): string | null {
  const header = context.req.header('authorization');
  return /^Bearer +([\x21-\x7e]+) *$/i.exec(header ?? '')?.[1] ?? null;
}
