export interface Call {
  readonly title: string;
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  /** `${name}` in a later path or header stands for this answer header. */
  readonly keep?: Readonly<Record<string, string>>;
}

const token = { authorization: 'Bearer a-token-for-the-process' } as const;
const browser = { accept: 'image/avif,image/webp,*/*' } as const;

/** The scripted session, in its order. The header set of every answer is part of the contract. */
export const calls = (picture: Uint8Array<ArrayBuffer>, other: Uint8Array<ArrayBuffer>): readonly Call[] => [
  {
    title: 'a new original',
    method: 'PUT',
    path: '/originals/cat?tags=pet&focal=0.3,0.6',
    headers: token,
    body: picture,
  },
  { title: 'the same bytes again', method: 'PUT', path: '/originals/cat?tags=pet', headers: token, body: picture },
  { title: 'a miss', path: '/img/cat/w_40,f_webp', keep: { etag: 'etag' } },
  { title: 'a hit', path: '/img/cat/w_40,f_webp/cat.webp' },
  { title: 'a revalidation', path: '/img/cat/w_40,f_webp', headers: { 'if-none-match': '${etag}' } },
  { title: 'a HEAD', method: 'HEAD', path: '/img/cat/w_40,f_webp' },
  { title: 'a negotiated format', path: '/img/cat/w_30,f_auto', headers: browser },
  { title: 'another spelling of the same picture', path: '/img/cat/f_webp,w_40' },
  { title: 'a preset', path: '/img/cat/thumb' },
  { title: 'an unknown original', path: '/img/nobody/w_40' },
  { title: 'an invalid transform', path: '/img/cat/w_many' },
  { title: 'a transform of a missing page', path: '/img/cat/pg_9' },
  { title: 'a private original', path: '/img/cat/f_orig' },
  { title: 'the stored bytes', path: '/originals/cat', headers: token },
  { title: 'a range of them', path: '/originals/cat', headers: { ...token, range: 'bytes=0-9' } },
  { title: 'a call without a token', path: '/originals/cat' },
  { title: 'the record', path: '/originals/cat/info', headers: token },
  { title: 'facts', path: '/info/cat' },
  { title: 'a picture element', path: '/picture/cat?widths=16,32' },
  { title: 'an explanation', path: '/explain/cat/w_40,f_webp', headers: token },
  {
    title: 'an accepted job',
    method: 'PUT',
    path: '/originals/dog?eager=w_20,f_png',
    headers: { ...token, prefer: 'respond-async' },
    body: other,
    keep: { job: 'location' },
  },
  { title: 'a finished job', path: '${job}', headers: token },
  { title: 'a preset of an original', path: '/originals/cat/variants/thumb' },
  {
    title: 'changed tags',
    method: 'PATCH',
    path: '/originals/cat',
    headers: token,
    body: '{"tags":["pet","black"],"metadata":{"title":"Cat"}}',
  },
  { title: 'a list', path: '/originals?tag=pet', headers: token },
  { title: 'a purge', method: 'POST', path: '/purge', headers: token, body: '{"ids":["cat"]}' },
  { title: 'a miss after the purge', path: '/img/cat/w_40,f_webp' },
  { title: 'an upload token', method: 'POST', path: '/uploads', headers: token, body: '{"id":"later"}' },
  { title: 'figures', path: '/stats', headers: token },
  { title: 'a sweep', method: 'POST', path: '/sweep?dryRun', headers: token },
  { title: 'a deleted original', method: 'DELETE', path: '/originals/dog', headers: token },
  {
    title: 'a CORS preflight',
    method: 'OPTIONS',
    path: '/img/cat/w_40',
    headers: { origin: 'http://page.example', 'access-control-request-method': 'GET' },
  },
  { title: 'liveness', path: '/livez' },
  { title: 'readiness', path: '/readyz' },
  { title: 'the playground', path: '/' },
  { title: 'no route', path: '/nothing' },
  { title: 'a method that no route has', method: 'POST', path: '/img/cat' },
];
