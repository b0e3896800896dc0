export interface Call {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

/** A call of an operation with the status that it gets. */
export interface GoodCall extends Call {
  readonly status: number;
}

export type Refused = readonly [operation: string, code: string, call: Call];

/** The server that all of this is said to; it keeps `cat`, `doomed` and the job `known`. */
export const environment = {
  TINTYPE_MAX_BYTES: '1MB',
  TINTYPE_WIDTHS: 'list:8,9,400,8000',
  TINTYPE_PRESETS: '{"vast":"c_scale,h_8000,w_8000"}',
} as const;

/** One good call of every operation, by its id, with the status that it gets. */
export const goodCalls = (picture: Uint8Array<ArrayBuffer>): Readonly<Record<string, GoodCall>> => ({
  getImgId: { path: '/img/cat', status: 200 },
  headImgId: { path: '/img/cat', status: 200 },
  deleteImgId: { path: '/img/cat', status: 200 },
  getImgIdTransform: { path: '/img/cat/w_9/cat.webp', status: 200 },
  headImgIdTransform: { path: '/img/cat/w_9/cat.webp', status: 200 },
  deleteImgIdTransform: { path: '/img/cat/w_9', status: 200 },
  putOriginalsId: { path: '/originals/new?tags=a', body: picture, status: 201 },
  postOriginals: {
    path: '/originals',
    headers: { 'content-type': 'application/json' },
    body: dataUrl(base64(picture), { tags: ['a'] }),
    status: 201,
  },
  getOriginalsId: { path: '/originals/cat', headers: { range: 'bytes=0-9' }, status: 206 },
  headOriginalsId: { path: '/originals/cat', status: 200 },
  patchOriginalsId: { path: '/originals/cat', body: '{"tags":["pet"],"metadata":{"title":"Cat"}}', status: 200 },
  deleteOriginalsId: { path: '/originals/doomed', status: 204 },
  getOriginalsIdInfo: { path: '/originals/cat/info', status: 200 },
  headOriginalsIdInfo: { path: '/originals/cat/info', status: 200 },
  getOriginals: { path: '/originals?prefix=c', status: 200 },
  headOriginals: { path: '/originals', status: 200 },
  postUploads: { path: '/uploads', body: '{"id":"new","presets":["thumb"]}', status: 201 },
  putUploadsToken: { path: '/uploads/unknown', body: picture, status: 410 },
  postPurge: { path: '/purge', body: '{"ids":["cat"]}', status: 200 },
  getJobsId: { path: '/jobs/known', status: 200 },
  headJobsId: { path: '/jobs/known', status: 200 },
  getOriginalsIdVariantsPreset: { path: '/originals/cat/variants/thumb', status: 302 },
  headOriginalsIdVariantsPreset: { path: '/originals/cat/variants/thumb', status: 302 },
  postJobs: { path: '/jobs', body: '{"presets":["thumb"],"tag":"a"}', status: 202 },
  getStats: { path: '/stats', status: 200 },
  headStats: { path: '/stats', status: 200 },
  postSweep: { path: '/sweep?dryRun', status: 200 },
  getReport: { path: '/report', status: 200 },
  headReport: { path: '/report', status: 200 },
  getLivez: { path: '/livez', status: 200 },
  headLivez: { path: '/livez', status: 200 },
  getReadyz: { path: '/readyz', status: 200 },
  headReadyz: { path: '/readyz', status: 200 },
  getOpenapiJson: { path: '/openapi.json', status: 200 },
  headOpenapiJson: { path: '/openapi.json', status: 200 },
});

const asJson = { 'content-type': 'application/json' } as const;
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const dataUrl = (bytes: string, rest: object = {}) =>
  JSON.stringify({ dataUrl: `data:image/png;base64,${bytes}`, ...rest });

/** Requests that are refused, by the operation and the code. */
export const refusedCalls = (picture: Uint8Array<ArrayBuffer>): readonly Refused[] => [
  ['getImgId', 'bad-words', { path: '/img/-' }],
  ['getImgId', 'missing-original', { path: '/img/nobody' }],
  ['getImgId', 'path-too-long', { path: `/img/cat/${'w_8,'.repeat(600)}` }],
  ['getImgId', 'forbidden', { path: '/img/cat/w_10' }],
  ['getImgId', 'expired', { path: '/img/cat/s--x--/exp_1000' }],
  ['getImgId', 'precondition', { path: '/img/cat/f_orig', headers: { 'if-match': '"x"' } }],
  ['getImgId', 'no-such-range', { path: '/img/cat/f_orig', headers: { range: 'bytes=9999-' } }],
  ['getImgId', 'over-limit', { path: '/img/cat/c_scale,h_8000,w_8000' }],
  ['getImgIdTransform', 'missing-layer', { path: '/img/cat/l_nobody' }],
  ['getImgIdTransform', 'unfit-words', { path: '/img/cat/pg_2' }],
  ['getImgIdTransform', 'bad-words', { path: '/img/cat/x' }],
  ['deleteImgId', 'bad-words', { path: '/img/-' }],
  ['deleteImgIdTransform', 'path-too-long', { path: `/img/cat/${'w_8,'.repeat(600)}` }],
  ['deleteImgIdTransform', 'missing-layer', { path: '/img/cat/l_nobody' }],
  ['deleteImgIdTransform', 'unfit-words', { path: '/img/cat/fl_animated' }],
  ['deleteImgIdTransform', 'over-limit', { path: '/img/cat/c_scale,h_8000,w_8000' }],
  ['putOriginalsId', 'bad-words', { path: '/originals/-', body: picture }],
  ['putOriginalsId', 'bad-request', { path: '/originals/x?y', body: picture }],
  [
    'putOriginalsId',
    'digest-differs',
    { path: '/originals/x', body: picture, headers: { 'content-digest': `sha-256=:${'A'.repeat(43)}=:` } },
  ],
  ['putOriginalsId', 'precondition', { path: '/originals/cat', body: picture, headers: { 'if-none-match': '*' } }],
  ['putOriginalsId', 'too-big', { path: '/originals/x', body: new Uint8Array(1024 * 1024 + 1) }],
  ['putOriginalsId', 'not-an-image', { path: '/originals/x', body: 'no' }],
  ['putOriginalsId', 'refused-image', { path: '/originals/x', body: picture.slice(0, 60) }],
  ['postOriginals', 'bad-request', { path: '/originals', headers: asJson, body: '{}' }],
  ['postOriginals', 'bad-words', { path: '/originals', headers: asJson, body: dataUrl('', { id: '-' }) }],
  [
    'postOriginals',
    'precondition',
    { path: '/originals', headers: { ...asJson, 'if-none-match': '*' }, body: dataUrl('', { id: 'cat' }) },
  ],
  ['postOriginals', 'too-big', { path: '/originals', headers: asJson, body: dataUrl('A'.repeat(1_500_000)) }],
  ['postOriginals', 'not-an-image', { path: '/originals', body: 'no' }],
  ['postOriginals', 'forbidden', { path: '/originals', headers: asJson, body: '{"url":"http://example.com/"}' }],
  [
    'postOriginals',
    'over-limit',
    { path: '/originals', headers: asJson, body: dataUrl(base64(picture), { transform: 'c_scale,h_8000,w_8000' }) },
  ],
  [
    'postOriginals',
    'refused-image',
    { path: '/originals', headers: asJson, body: dataUrl(base64(picture.slice(0, 60))) },
  ],
  ['getOriginalsId', 'bad-request', { path: '/originals/cat?encoding=hex' }],
  ['getOriginalsId', 'bad-words', { path: '/originals/-' }],
  ['getOriginalsId', 'missing-original', { path: '/originals/nobody' }],
  ['getOriginalsId', 'precondition', { path: '/originals/cat', headers: { 'if-match': '"x"' } }],
  ['getOriginalsId', 'no-such-range', { path: '/originals/cat', headers: { range: 'bytes=9999-' } }],
  ['patchOriginalsId', 'bad-words', { path: '/originals/-', body: '{"tags":[]}' }],
  ['patchOriginalsId', 'bad-request', { path: '/originals/cat', body: '{"tag":[]}' }],
  ['patchOriginalsId', 'missing-original', { path: '/originals/nobody', body: '{"tags":[]}' }],
  ['patchOriginalsId', 'precondition', { path: '/originals/cat', body: '{"tags":[]}', headers: { 'if-match': '"x"' } }],
  ['patchOriginalsId', 'too-big', { path: '/originals/cat', body: ' '.repeat(1024 * 1024 + 1) }],
  ['deleteOriginalsId', 'bad-words', { path: '/originals/-' }],
  ['deleteOriginalsId', 'bad-request', { path: '/originals/cat', headers: { 'if-none-match': '"x"' } }],
  ['deleteOriginalsId', 'missing-original', { path: '/originals/nobody' }],
  ['deleteOriginalsId', 'precondition', { path: '/originals/cat', headers: { 'if-match': '"x"' } }],
  ['getOriginalsIdInfo', 'bad-words', { path: '/originals/-/info' }],
  ['getOriginalsIdInfo', 'missing-original', { path: '/originals/nobody/info' }],
  ['getOriginals', 'bad-request', { path: '/originals?prefix=a&tag=b' }],
  ['postUploads', 'bad-request', { path: '/uploads', body: '{"bytes":0}' }],
  ['postUploads', 'bad-words', { path: '/uploads', body: '{"id":"-"}' }],
  ['postUploads', 'too-big', { path: '/uploads', body: ' '.repeat(1024 * 1024 + 1) }],
  ['putUploadsToken', 'expired', { path: '/uploads/unknown' }],
  ['putUploadsToken', 'bad-request', { path: '/uploads/unknown?tags=a' }],
  ['postPurge', 'bad-request', { path: '/purge', body: '{}' }],
  ['postPurge', 'bad-words', { path: '/purge', body: '{"ids":["-"]}' }],
  ['postPurge', 'too-big', { path: '/purge', body: ' '.repeat(1024 * 1024 + 1) }],
  ['getJobsId', 'missing-job', { path: '/jobs/nobody' }],
  ['postJobs', 'bad-request', { path: '/jobs', body: '{"presets":["thumb"],"tag":"a","prefix":"a"}' }],
  ['postJobs', 'bad-words', { path: '/jobs', body: '{"presets":["x"]}' }],
  ['postJobs', 'forbidden', { path: '/jobs', body: '{"presets":["w_10"]}' }],
  ['postJobs', 'path-too-long', { path: '/jobs', body: `{"presets":["${'w_8,'.repeat(600)}"]}` }],
  ['postJobs', 'too-big', { path: '/jobs', body: ' '.repeat(1024 * 1024 + 1) }],
  ['getOriginalsIdVariantsPreset', 'bad-words', { path: '/originals/-/variants/thumb' }],
  ['getOriginalsIdVariantsPreset', 'missing-original', { path: '/originals/nobody/variants/thumb' }],
  ['getOriginalsIdVariantsPreset', 'missing-preset', { path: '/originals/cat/variants/w_8' }],
  ['getOriginalsIdVariantsPreset', 'over-limit', { path: '/originals/cat/variants/vast' }],
  ['putOriginalsId', 'forbidden', { path: '/originals/x?eager=w_10', body: picture }],
  ['putOriginalsId', 'path-too-long', { path: `/originals/x?eager=${'w_8,'.repeat(600)}`, body: picture }],
  ['postOriginals', 'forbidden', { path: '/originals?eager=w_10', body: picture }],
  ['postOriginals', 'path-too-long', { path: `/originals?eager=${'w_8,'.repeat(600)}`, body: picture }],
  ['postSweep', 'bad-request', { path: '/sweep?dryRun=maybe' }],
];
