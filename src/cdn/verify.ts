/** Result of one check; `ok` is null if the check was not possible. */
export interface VerifiedBehaviour {
  readonly what: string;
  readonly ok: boolean | null;
  readonly said: string;
}

export interface VerifyOptions {
  /** URL of an image, through the CDN. */
  readonly url: URL;
  /** Address of Tintype itself for the purge; null for the CDN's address. */
  readonly origin: string | null;
  /** Token with the scope purge; null skips the purge check. */
  readonly token: string | null;
  readonly request: typeof fetch;
}

/** Milliseconds until a purge must be visible. */
const purgeTimeout = 90_000;

interface Got {
  readonly status: number;
  readonly headers: Headers;
  readonly hit: boolean;
}

type Ask = (path: string, headers?: Record<string, string>) => Promise<Got>;

/**
 * Checks a CDN from outside, as a client: hits, Age, Vary, ETag, one format per Accept, uncached errors, and a purge.
 */
export async function verifyCdn({ url, origin, token, request }: VerifyOptions): Promise<readonly VerifiedBehaviour[]> {
  const ask: Ask = async (path, headers = {}) => {
    const answer = await request(new URL(path, url), { headers, redirect: 'manual' });
    await answer.arrayBuffer();
    return { status: answer.status, headers: answer.headers, hit: isHit(answer.headers) };
  };
  const path = url.pathname;
  const first = await ask(path);
  if (first.status !== 200) return [finding('answered', false, `${first.status} for ${path}`)];
  const second = await ask(path);
  return [
    finding('cached', second.hit, second.hit ? 'the second request was a hit' : 'the second request was a miss'),
    age(second),
    vary(path, second),
    await validated(path, second, ask),
    await apart(path, ask),
    await errorsGo(ask),
    token === null
      ? finding('purge', null, 'TINTYPE_TOKEN is not set')
      : await purged(path, { origin: origin ?? url.origin, token, request, ask }),
  ];
}

/** Whether a cache other than Tintype reports a hit. */
function isHit(headers: Headers): boolean {
  const others = (headers.get('cache-status') ?? '').split(',').filter((entry) => !entry.trim().startsWith('tintype'));
  const said = [...others, headers.get('x-cache') ?? '', headers.get('cf-cache-status') ?? ''];
  return Number(headers.get('age') ?? 0) > 0 || said.some((each) => /\bhit\b/i.test(each));
}

function age({ headers }: Got): VerifiedBehaviour {
  const text = headers.get('age');
  if (text === null) return finding('Age', null, 'there is none');
  const most = Number(/s-maxage=(\d+)/.exec(headers.get('cache-control') ?? '')?.[1] ?? Number.POSITIVE_INFINITY);
  return finding('Age', /^\d+$/.test(text) && Number(text) <= most, `${text} s`);
}

function vary(path: string, { headers }: Got): VerifiedBehaviour {
  const said = headers.get('vary') ?? 'none';
  const varies = /\baccept\b(?!-)/i.test(said);
  return finding('Vary', varies === isNegotiated(path), said);
}

async function validated(path: string, { headers }: Got, ask: Ask): Promise<VerifiedBehaviour> {
  const etag = headers.get('etag');
  if (etag === null) return finding('ETag', false, 'there is none');
  const { status } = await ask(path, { 'if-none-match': etag });
  return finding('ETag', status === 304, `${status} for If-None-Match: ${etag}`);
}

/** Asks with the most capable Accept first, to reveal a cache that ignores Vary. */
async function apart(path: string, ask: Ask): Promise<VerifiedBehaviour> {
  const types: string[] = [];
  for (const accept of ['image/avif,image/webp,*/*', 'image/webp,*/*', 'image/png,image/jpeg']) {
    types.push((await ask(path, { accept })).headers.get('content-type') ?? 'none');
  }
  const [, webp, base] = types;
  const isRight = isNegotiated(path)
    ? webp !== 'image/avif' && base !== 'image/avif' && base !== 'image/webp'
    : new Set(types).size === 1;
  return finding('format per Accept', isRight, types.join(', '));
}

/** Checks that a 404 is not served from the CDN's cache. */
async function errorsGo(ask: Ask): Promise<VerifiedBehaviour> {
  const path = '/originals/nobody';
  const answers = [await ask(path), await ask(path)];
  const kept = answers.some(({ hit }) => hit);
  return finding('errors not kept', !kept, answers.map(({ status }) => status).join(', '));
}

interface Purging extends Pick<VerifyOptions, 'request'> {
  readonly origin: string;
  readonly token: string;
  readonly ask: Ask;
}

async function purged(path: string, { origin, token, request, ask }: Purging): Promise<VerifiedBehaviour> {
  const before = (await ask(path)).headers.get('etag');
  const body = JSON.stringify({ ids: [path.split('/')[2]] });
  const begun = performance.now();
  const answer = await request(`${origin}/purge`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body,
  });
  if (!answer.ok) return finding('purge', false, `${answer.status} for POST ${origin}/purge`);
  await answer.arrayBuffer();
  while (performance.now() - begun < purgeTimeout) {
    const { headers } = await ask(path);
    const took = Math.round(performance.now() - begun);
    if (headers.get('etag') !== before) return finding('purge', true, `fresh after ${took} ms`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return finding('purge', false, `still stale after ${purgeTimeout} ms`);
}

const isNegotiated = (path: string) => /[/,]f_auto(?:[/,]|$)/.test(path);

function finding(what: string, ok: boolean | null, said: string): VerifiedBehaviour {
  return { what, ok, said };
}
