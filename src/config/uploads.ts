import type { FormatName } from '../formats/format.ts';
import { formats } from '../formats/index.ts';
import { bytesIn, choiceIn, hostsIn, integerIn, listIn, millisecondsIn, pixelsIn, textIn } from './readers.ts';
import { optionalSetting, renamedFrom, setting } from './setting.ts';

const formatNames = Object.keys(formats) as readonly FormatName[];

/** Settings of uploads and sources. */
export const uploadSettings = {
  maxBytes: setting('TINTYPE_MAX_BYTES', '100MB', bytesIn(1024, 2 ** 40), 'Maximum size of an upload.'),
  maxPixels: setting(
    'TINTYPE_MAX_PIXELS',
    '50MP',
    pixelsIn(1, 16_384),
    'Maximum pixels of a frame of an original. All frames together may have twice as many.',
  ),
  maxFrames: setting(
    'TINTYPE_MAX_FRAMES',
    '256',
    integerIn(1, 10_000),
    'Maximum number of frames or pages of an original.',
  ),
  formats: setting('TINTYPE_FORMATS', formatNames.join(','), listIn(formatNames), 'Accepted formats of uploads.'),
  svg: setting(
    'TINTYPE_SVG',
    'off',
    choiceIn(['off', 'raster']),
    '`raster` accepts SVG uploads up to 1 MB and renders them to pixels.',
  ),
  maxSide: optionalSetting(
    'TINTYPE_MAX_SIDE',
    integerIn(1, 100_000),
    'Maximum length of the longer side of an original, in pixels.',
  ),
  heic: setting(
    'TINTYPE_HEIC',
    'off',
    choiceIn(['off', 'convert']),
    '`convert` accepts HEIC uploads and stores them as JPEG. Needs the optional package `heic-decode`.',
  ),
  sanitize: renamedFrom(
    'TINTYPE_NORMALIZE',
    setting(
      'TINTYPE_SANITIZE',
      'off',
      choiceIn(['off', 'strip', 'webp']),
      'Default of `?sanitize=` for uploads. `strip` removes metadata (EXIF, GPS, XMP) and applies the orientation. `webp` also converts to WebP.',
    ),
  ),
  source: optionalSetting(
    'TINTYPE_SOURCE',
    textIn(),
    'External source of originals for ids that are not stored; `:` in an id stands for `/`. `file:FOLDER` and `s3://BUCKET/PREFIX` are read in place, `https://HOST/PATH` is copied.',
  ),
  sourceFresh: setting(
    'TINTYPE_SOURCE_FRESH',
    '60s',
    millisecondsIn(0, 86_400_000),
    'How long an original of the source counts as fresh. After that it is revalidated in the background.',
  ),
  fetch: setting(
    'TINTYPE_FETCH',
    'off',
    hostsIn(),
    'Hosts from which `POST /originals` may fetch: names, `.example.com` for all subdomains, `*` for all hosts. Only ports 80 and 443 of public addresses.',
  ),
} as const;
