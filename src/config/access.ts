import {
  budgetIn,
  choiceIn,
  integerIn,
  listOrNone,
  networksIn,
  originsIn,
  signingKeysIn,
  tokenIn,
  tokensIn,
  truthIn,
  widthsIn,
} from './readers.ts';
import { optionalSetting, setting } from './setting.ts';

/** Settings of authentication, rate limits and access. */
export const accessSettings = {
  token: optionalSetting(
    'TINTYPE_TOKEN',
    tokenIn(),
    'Token with all scopes. With a `file:` store, one is generated if this is not set.',
  ),
  tokens: setting(
    'TINTYPE_TOKENS',
    '',
    tokensIn(),
    'More tokens, each with its scopes: `name:read+write+purge:secret,…`.',
  ),
  signingKeys: optionalSetting(
    'TINTYPE_SIGNING_KEYS',
    signingKeysIn(),
    'Keys of signed URLs. If set, `/img` accepts only signed URLs. The first key signs URLs that Tintype generates; all keys verify.',
  ),
  trustedProxies: setting(
    'TINTYPE_TRUSTED_PROXIES',
    '',
    networksIn(),
    'Proxies whose X-Forwarded-For is trusted. Without it, the client address is that of the connection.',
  ),
  budget: setting(
    'TINTYPE_BUDGET',
    'off',
    budgetIn(),
    'Rate limit: megapixels a minute that may be decoded and encoded for one client, and of one original. Beyond it requests get 429. A second of rendering counts as at least 20 MP. Cache hits are free.',
  ),
  presetsOnly: setting(
    'TINTYPE_PRESETS_ONLY',
    'false',
    truthIn(),
    'Image URLs may contain only one preset, beside a version, an expiry and a file name. Others get 403.',
  ),
  widths: setting(
    'TINTYPE_WIDTHS',
    'free',
    widthsIn(8192),
    'Widths that `w` may request, in device pixels. `free`: all. `snap:320,640,1280`: rounded up to the next of these. `list:320,640,1280`: others get 403. Widths in presets and crop rectangles are exempt.',
  ),
  reportOnly: setting(
    'TINTYPE_REPORT_ONLY',
    '',
    listOrNone(['signing', 'presets', 'widths']),
    'Rules in report-only mode: requests that violate them are answered, counted and listed at `GET /report`.',
  ),
  cors: setting(
    'TINTYPE_CORS',
    '',
    originsIn(),
    'Origins whose pages may use routes that need a token, and to which upload forms may redirect: `https://shop.example,http://localhost:5173`.',
  ),
  originals: setting(
    'TINTYPE_ORIGINALS',
    'private',
    choiceIn(['private', 'signed', 'public']),
    'Who may download originals. `private`: only with a token. `signed`: also by a signed URL that ends in `f_orig`. `public`: everyone, also at `/originals/{id}`.',
  ),
  playground: setting(
    'TINTYPE_PLAYGROUND',
    'loopback',
    choiceIn(['loopback', 'true', 'read-only', 'false']),
    'The playground page at `/`. `loopback`: only if the host is a loopback address. `true`: always. `read-only`: always, without writes. `false`: never. Its writes need a token like any other request.',
  ),
  variantsPerOriginal: setting(
    'TINTYPE_VARIANTS_PER_ORIGINAL',
    '1000',
    integerIn(0, 1_000_000),
    'Maximum number of stored variants of one original. Further variants are rendered for each request.',
  ),
} as const;
