import { CdnApiError } from './provider.ts';

/** A request to a CDN's API. Redirects are not followed, since they would send secrets elsewhere. */
export interface Message {
  readonly method?: 'POST' | 'PURGE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

/** Bytes of an answer that are read; the rest is not waited for. */
const maxAnswer = 100_000;

/**
 * Returns the body of a 2xx response. Throws `CdnApiError` for any other, without the URL, which may contain a secret.
 */
export async function send(url: string, { method = 'POST', ...message }: Message): Promise<string> {
  const answer = await fetch(url, { method, redirect: 'manual', ...message });
  const { status, headers } = answer;
  if (answer.ok) return readText(answer);
  await answer.body?.cancel();
  const passes = status === 408 || status === 429 || status >= 500;
  throw new CdnApiError(`Expected a status of 2xx but received ${status}`, {
    passes,
    wait: waitOf(headers.get('retry-after')),
  });
}

/** The first bytes of a body as text. */
async function readText({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.byteLength;
    text += decoder.decode(chunk, { stream: true });
    if (length >= maxAnswer) break;
  }
  return text;
}

/** Parses Retry-After (RFC 9110 §10.2.3: seconds, or a date) to milliseconds. */
function waitOf(text: string | null): number | null {
  if (text === null) return null;
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isFinite(wait) ? Math.max(0, wait) : null;
}
