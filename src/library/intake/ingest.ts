import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, writeFile } from 'node:fs/promises';
import { Failure } from '../../errors.ts';
import { formats } from '../../formats/index.ts';
import { type PlanLimits, planRender } from '../../render/planning/plan.ts';
import type { RenderQueue } from '../../render/queue/render-queue.ts';
import type { SanitizeMode } from '../../render/sanitizing/sanitize.ts';
import type { SourceFacts } from '../../render/source-facts.ts';
import type { UploadPolicy } from '../../render/validation/upload-policy.ts';
import type { Renderer } from '../../render/workers/renderer.ts';
import { type Fetcher, notAllowed, type Validator } from '../../source/source.ts';
import { onDisk } from '../../store/folder/disk-failure.ts';
import { preparedBeside, type UploadFiles } from '../../store/upload-files.ts';
import type { ResolvedTransform } from '../../transform/transform.ts';
import type { Incoming, Originals, Precondition, Published } from '../originals/originals.ts';
import { referenceKey } from '../originals/references.ts';
import { measurePlaceholder } from '../selection/placeholders.ts';

/** What of an upload is known behind the door. */
export type Facts = SourceFacts;

export interface IngestOptions {
  readonly originals: Originals;
  readonly renderer: Renderer;
  readonly queue: RenderQueue;
  readonly policy: UploadPolicy;
  /** On the store's own file system they are moved instead of copied. */
  readonly files: UploadFiles;
  readonly maxBytes: number;
  /** null: nothing is ever fetched. */
  readonly fetcher: Fetcher | null;
  readonly limits: PlanLimits;
  /** What is done to an upload that does not say. */
  readonly sanitize: SanitizeMode;
}

/** Which original some bytes are to be, and what is said of it. */
export interface UploadDetails {
  readonly id: string;
  /** null keeps what stands. */
  readonly tags: readonly string[] | null;
  readonly focalPoint: Incoming['focalPoint'];
  /** Done once, to the bytes that came: its result is the original. */
  readonly transform?: ResolvedTransform;
  /** What is done to the bytes before they are stored; absent: what is usual here. */
  readonly sanitize?: Exclude<SanitizeMode, 'off'>;
  /** Looks at what came through the door; throws where it may not be stored. */
  readonly admit?: (facts: SourceFacts) => void;
  /** What its source says of it, where it comes from one. */
  readonly source?: Validator;
}

/** A picture that stays where it is. */
export interface SourceReference {
  readonly id: string;
  /** In its source. */
  readonly path: string;
  readonly validator: Validator;
  /** Where its bytes lie on this machine. */
  readonly file: string;
  readonly precondition: Precondition;
}

/** What a client says about the bytes it sends. */
export interface Upload extends UploadDetails {
  readonly body: AsyncIterable<Uint8Array>;
  /** SHA-256 and SHA-512 as declared; null or absent: not declared. */
  readonly digests?: { readonly sha256: Buffer | null; readonly sha512: Buffer | null };
  readonly precondition: Precondition | null;
}

/** A form: which original it is may stand behind the bytes, so it is asked when they were read. */
export interface UploadedForm {
  readonly body: AsyncIterable<Uint8Array>;
  readonly about: () => UploadDetails;
  readonly precondition: Precondition | null;
}

const undeclared = { sha256: null, sha512: null } as const;

type Sent = Pick<Upload, 'body' | 'digests' | 'precondition'>;

interface Spooled {
  readonly path: string;
  readonly bytes: number;
  readonly version: string;
  /** Made by us out of what came. */
  readonly isOurs?: true;
}

const every = Object.values(formats).map(({ name }) => name);

/** The way in: to disk while hashing, through the door, into the store. */
export class Ingest {
  readonly #options: IngestOptions;

  constructor(options: IngestOptions) {
    this.#options = options;
  }

  get maxBytes(): number {
    return this.#options.maxBytes;
  }

  /**
   * Takes an upload in; when it returns, the picture survives any crash.
   * @throws Failure `too-big`, `digest-differs`, `not-an-image`, `refused-image`, `disk-full`, or what the precondition throws.
   */
  async store(upload: Upload): Promise<Published> {
    upload.precondition?.(await this.#options.originals.find(upload.id));
    return this.#publish(upload, () => upload);
  }

  /** The bytes at a URL, for `take`. Throws `forbidden` where nothing may be fetched, and what the fetcher throws. */
  storeFromUrl(url: string): AsyncIterable<Uint8Array> {
    const { fetcher } = this.#options;
    if (fetcher !== null) return fetcher.bring(url);
    throw notAllowed();
  }

  /** As `take`, where nothing can be known before the bytes came. */
  async storeFromForm({ body, about, precondition }: UploadedForm): Promise<Published> {
    return this.#publish({ body, precondition }, about);
  }

  async #publish(sent: Sent, about: () => UploadDetails): Promise<Published> {
    const { files, originals } = this.#options;
    return files.withFile(async (path) => {
      const sentFile = await this.#spool(path, sent);
      const { id, tags, focalPoint, transform, admit, source, sanitize } = about();
      const usual = sanitize ?? this.#options.sanitize;
      // A rendering says nothing but its picture: so that it can be told what that takes away, it is taken away before.
      const wanted = usual === 'off' && transform !== undefined ? 'strip' : usual;
      const { file: prepared, removed } = await this.#prepare(sentFile, wanted);
      const file = transform === undefined ? prepared : await this.#transform(prepared, transform, focalPoint);
      const facts = await this.#inspect(file);
      admit?.(facts);
      const from = source === undefined ? {} : { source };
      const placeholder = await measurePlaceholder(this.#options, file, facts);
      const { bytes, version } = file;
      const body = { path: file.path };
      const incoming = { id, version, bytes, facts, ...placeholder, tags, focalPoint, body, removed, ...from };
      return originals.publish(incoming, sent.precondition);
    });
  }

  /** What is to be stored of an upload, and what is not. */
  async #prepare(file: Spooled, mode: SanitizeMode) {
    const { queue, renderer, policy } = this.#options;
    const asItIs = { file, removed: [] };
    if (mode === 'off' && policy.heic !== 'convert') return asItIs;
    const out = preparedBeside(file.path);
    const { written, removed } = await queue.run(() => renderer.prepare(file, { out, policy, mode }));
    return written ? { file: { ...(await this.#measure(out)), isOurs: true as const }, removed } : asItIs;
  }

  /** As `take`, for bytes that stay where they are: they are read once, and pass the same door. */
  async reference({ id, path, validator, file, precondition }: SourceReference): Promise<Published> {
    const measured = await this.#measure(file);
    const facts = await this.#inspect(measured);
    const { version, bytes } = measured;
    const body = { reference: referenceKey(path, validator) };
    const placeholder = await measurePlaceholder(this.#options, measured, facts);
    const incoming = { id, version, bytes, facts, ...placeholder, body, source: validator };
    return this.#options.originals.publish({ ...incoming, tags: null, focalPoint: null }, precondition);
  }

  #measure(path: string): Promise<Spooled> {
    return onDisk('read a picture', async () => {
      const hash = createHash('sha256');
      let bytes = 0;
      for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Uint8Array>) {
        bytes += chunk.byteLength;
        if (bytes > this.#options.maxBytes) throw bodyTooBig(this.#options.maxBytes);
        hash.update(chunk);
      }
      return { path, bytes, version: hash.digest('hex') };
    });
  }

  /** What we have made ourselves may be of any format, whatever strangers may bring. */
  #inspect(file: Spooled): Promise<SourceFacts> {
    const { queue, renderer, policy: uploadPolicy } = this.#options;
    const policy = file.isOurs === true ? { ...uploadPolicy, formats: every } : uploadPolicy;
    return queue.run(() => renderer.inspect(file, policy));
  }

  /** Puts what a transform makes of a file in its place; it goes through the door before and, as any upload, after. */
  async #transform(
    file: Spooled,
    transform: ResolvedTransform,
    focalPoint: UploadDetails['focalPoint'],
  ): Promise<Spooled> {
    const { queue, renderer, limits } = this.#options;
    const plan = planRender(transform, { facts: await this.#inspect(file), focalPoint }, limits);
    const made = await queue.run(() => renderer.render({ ...file, plan }));
    await onDisk('keep an upload', () => writeFile(file.path, made));
    const version = createHash('sha256').update(made).digest('hex');
    return { path: file.path, bytes: made.byteLength, version, isOurs: true };
  }

  #spool(path: string, upload: Sent): Promise<Spooled> {
    return onDisk('keep an upload', async () => {
      const file = await open(path, 'wx', 0o640);
      try {
        return await this.#write(file, path, upload);
      } finally {
        await file.close();
      }
    });
  }

  async #write(file: FileHandle, path: string, { body, digests = undeclared }: Sent): Promise<Spooled> {
    const sha256 = createHash('sha256');
    const sha512 = digests.sha512 === null ? null : createHash('sha512');
    let bytes = 0;
    for await (const chunk of body) {
      bytes += chunk.byteLength;
      if (bytes > this.#options.maxBytes) throw bodyTooBig(this.#options.maxBytes);
      sha256.update(chunk);
      sha512?.update(chunk);
      await file.writeFile(chunk);
    }
    const version = sha256.digest();
    if (digests.sha256 !== null && !digests.sha256.equals(version)) throw differs('sha-256');
    if (sha512 !== null && digests.sha512?.equals(sha512.digest()) !== true) throw differs('sha-512');
    if (bytes === 0) throw new Failure('not-an-image', 'Expected an image but received an empty body');
    return { path, bytes, version: version.toString('hex') };
  }
}

export function bodyTooBig(most: number): Failure {
  return new Failure('too-big', `Expected at most ${most} bytes`, { headers: { Connection: 'close' } });
}

function differs(algorithm: string): Failure {
  return new Failure(
    'digest-differs',
    `Expected the body to have the ${algorithm} of its Content-Digest but it has another`,
  );
}
