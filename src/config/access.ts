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

/** Who may ask for what, and for how much. */
export const accessSettings = {
  token: optionalSetting(
    'TINTYPE_TOKEN',
    tokenIn(),
    'The token that opens everything. With `file:` one is made when none is set.',
  ),
  tokens: setting(
    'TINTYPE_TOKENS',
    '',
    tokensIn(),
    'More tokens, each for some scopes: `name:read+write+purge:secret,…`.',
  ),
  signingKeys: optionalSetting(
    'TINTYPE_SIGNING_KEYS',
    signingKeysIn(),
    'With them `/img` answers signed URLs alone. The first signs what we print; all of them are believed.',
  ),
  trustedProxies: setting(
    'TINTYPE_TRUSTED_PROXIES',
    '',
    networksIn(),
    'Proxies whose X-Forwarded-For is believed; without them a client is whoever the connection comes from.',
  ),
  budget: setting(
    'TINTYPE_BUDGET',
    'off',
    budgetIn(),
    'Megapixels that may be read and written a minute for one client, and of one original; more is a 429. A second of rendering counts as at least 20 MP. Hits are free.',
  ),
  presetsOnly: setting(
    'TINTYPE_PRESETS_ONLY',
    'false',
    truthIn(),
    'Image URLs may hold one preset and no other words (403), beside a version, an expiry and a file name.',
  ),
  widths: setting(
    'TINTYPE_WIDTHS',
    'free',
    widthsIn(8192),
    'Widths that `w` may ask for, in device pixels: all, the next one of a ladder (`snap:320,640,1280`), or 403 for what is not on a list (`list:320,640,1280`). Widths of presets and crop rectangles stay.',
  ),
  reportOnly: setting(
    'TINTYPE_REPORT_ONLY',
    '',
    listOrNone(['signing', 'presets', 'widths']),
    'Rules on trial: what they would refuse is answered, counted and listed at `GET /report`.',
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
    'Who gets stored bytes: a token alone; also a signed URL that ends in `f_orig`; or everybody, at `/originals/{id}` too.',
  ),
  playground: setting(
    'TINTYPE_PLAYGROUND',
    'loopback',
    choiceIn(['loopback', 'true', 'read-only', 'false']),
    'The page at `/` to try everything on: where the host is a loopback address, always, without what writes, or never. What it changes takes a token like any other request.',
  ),
  variantsPerOriginal: setting(
    'TINTYPE_VARIANTS_PER_ORIGINAL',
    '1000',
    integerIn(0, 1_000_000),
    'Variants of one original that are stored; more are made each time.',
  ),
} as const;
