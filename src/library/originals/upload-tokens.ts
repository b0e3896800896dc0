import { createHash, randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { Failure } from '../../errors.ts';
import type { BlobEntry, BlobStore } from '../../store/blob-store.ts';
import { allPages } from '../pages.ts';
import { uploadTokenKey } from '../storage-keys.ts';

/** What a client without a token may upload, once. */
export interface UploadToken {
  readonly id: string;
  /** Most bytes. */
  readonly bytes: number;
  /** Media types; null: all that are accepted. */
  readonly types: readonly string[] | null;
  /** Longest side in upright pixels; null: what is accepted. */
  readonly sides: number | null;
  /** Variants made at once. */
  readonly presets: readonly string[];
  /** Unix seconds. */
  readonly expires: number;
}

/** A claimed upload token. No other request can use it unless it is released. */
export interface ClaimedToken extends UploadToken {
  release(): Promise<void>;
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const storedToken = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    id: v.string(),
    bytes: count,
    types: v.nullable(v.array(v.string())),
    sides: v.nullable(count),
    presets: v.array(v.string()),
    expires: count,
  }),
);

const used = new TextEncoder().encode('used');
const encode = (uploadToken: UploadToken) => new TextEncoder().encode(JSON.stringify(uploadToken));

/** Beyond this many seconds after its end nobody has to be told that a permit was used, not expired. */
const kept = 86_400;

/**
 * One-time permits to upload, kept in the store under the digest of their token: a token outlives a restart, is used once
 * however many nodes there are, and cannot be read from the store. Its end stands in it, so that a listing finds old ones.
 */
export class UploadTokens {
  readonly #store: BlobStore;
  readonly #onDamaged: () => void;

  /** `onDamaged` is called for every stored token that was read and is damaged; such a token is unknown. */
  constructor(store: BlobStore, onDamaged = () => {}) {
    this.#store = store;
    this.#onDamaged = onDamaged;
  }

  /** Answers the token. */
  async issue(uploadToken: UploadToken): Promise<string> {
    const token = `${uploadToken.expires.toString(36)}-${randomBytes(24).toString('base64url')}`;
    await this.#store.put(keyOf(token, uploadToken.expires), encode(uploadToken));
    return token;
  }

  /** What a token permits, without using it. Throws `expired` where it is unknown, used or over: all the same to a stranger. */
  async peek(token: string, now: number): Promise<UploadToken> {
    return (await this.#find(token, now)).uploadToken;
  }

  /** Uses a token up, by compare-and-swap. Throws `expired` as `look` does, and where somebody else was faster. */
  async claim(token: string, now: number): Promise<ClaimedToken> {
    const { key, tag, uploadToken } = await this.#find(token, now);
    const taken = await this.#store.replaceIf(key, used, tag);
    if (taken === null) throw refused();
    const giveBack = async () => void (await this.#store.replaceIf(key, encode(uploadToken), taken));
    return { ...uploadToken, release: giveBack };
  }

  /** Deletes permits that ended long ago and are due. `now`: unix seconds. */
  async sweep(now: number, isDue: (token: BlobEntry) => boolean): Promise<void> {
    for await (const entries of allPages(this.#store, 'u/')) {
      const old = entries.filter(({ key }) => Number.parseInt(key.slice(2), 36) + kept < now);
      const due = old.filter(isDue);
      if (due.length > 0) await this.#store.delete(due.map(({ key }) => key));
      if (old.length < entries.length) return;
    }
  }

  async #find(token: string, now: number) {
    const end = /^([0-9a-z]{6,7})-[A-Za-z0-9_-]{32}$/.exec(token)?.[1];
    const expires = end === undefined ? 0 : Number.parseInt(end, 36);
    if (expires <= now) throw refused();
    const key = keyOf(token, expires);
    const blob = await this.#store.get(key);
    const text = blob === null ? '' : new TextDecoder().decode(blob.bytes);
    if (blob === null || text === 'used') throw refused();
    const read = v.safeParse(storedToken, text);
    if (read.success) return { key, tag: blob.tag, uploadToken: read.output };
    this.#onDamaged();
    throw refused();
  }
}

function keyOf(token: string, expires: number): string {
  return uploadTokenKey(expires, createHash('sha256').update(token).digest('hex'));
}

function refused(): Failure {
  return new Failure('expired', 'Expected an upload token that is neither unknown nor used nor expired');
}
