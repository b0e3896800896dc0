import * as v from 'valibot';

/** Version of the messages below. Releases before it was written sent the first version without a number. */
const messageVersion = 1;

const version = v.optional(v.literal(messageVersion), messageVersion);
const nth = v.pipe(v.number(), v.safeInteger());
const names = v.array(v.string());

const messageSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.variant('kind', [
    v.object({
      kind: v.literal('news'),
      version,
      from: v.string(),
      nth,
      news: v.object({ ids: names, everything: v.boolean() }),
    }),
    v.object({ kind: v.literal('heard'), version, from: v.string(), nth }),
    v.object({ kind: v.literal('freed'), version, names }),
  ]),
);

/**
 * What nodes publish. `news`: these originals, or everything, changed. `heard`: the news of that number was applied.
 * `freed`: the leases of these names were released.
 */
export type Message = v.InferOutput<typeof messageSchema>;

export type Unversioned<Each> = Each extends unknown ? Omit<Each, 'version'> : never;

export function writeMessage(message: Unversioned<Message>): string {
  return JSON.stringify({ ...message, version: messageVersion });
}

/** Null for a text of an unknown shape or version. */
export function readMessage(text: string): Message | null {
  const read = v.safeParse(messageSchema, text, { abortEarly: true });
  return read.success ? read.output : null;
}
