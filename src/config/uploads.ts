import type { FormatName } from '../formats/format.ts';
import { formats } from '../formats/index.ts';
import { bytesIn, choiceIn, hostsIn, integerIn, listIn, millisecondsIn, pixelsIn, textIn } from './readers.ts';
import { optionalSetting, renamedFrom, setting } from './setting.ts';

const formatNames = Object.keys(formats) as readonly FormatName[];

/** What may come in, and from where. */
export const uploadSettings = {
  maxBytes: setting('TINTYPE_MAX_BYTES', '100MB', bytesIn(1024, 2 ** 40), 'Largest upload.'),
  maxPixels: setting(
    'TINTYPE_MAX_PIXELS',
    '50MP',
    pixelsIn(1, 16_384),
    'Most pixels of a frame of an original; all its frames together may have twice as many.',
  ),
  maxFrames: setting('TINTYPE_MAX_FRAMES', '256', integerIn(1, 10_000), 'Most frames or pages of an original.'),
  formats: setting('TINTYPE_FORMATS', formatNames.join(','), listIn(formatNames), 'Formats that may be uploaded.'),
  svg: setting('TINTYPE_SVG', 'off', choiceIn(['off', 'raster']), '`raster` takes SVG up to 1 MB and answers pixels.'),
  maxSide: optionalSetting('TINTYPE_MAX_SIDE', integerIn(1, 100_000), 'Longest side of an original in pixels.'),
  heic: setting(
    'TINTYPE_HEIC',
    'off',
    choiceIn(['off', 'convert']),
    '`convert` takes HEIC and stores it as JPEG, by the optional package `heic-decode`.',
  ),
  sanitize: renamedFrom(
    'TINTYPE_NORMALIZE',
    setting(
      'TINTYPE_SANITIZE',
      'off',
      choiceIn(['off', 'strip', 'webp']),
      'Default of `?sanitize=` for uploads: `strip` removes EXIF, GPS, XMP and other metadata and turns the picture upright, `webp` also stores it as WebP.',
    ),
  ),
  source: optionalSetting(
    'TINTYPE_SOURCE',
    textIn(),
    'Pictures that lie elsewhere, for ids that are not stored (`:` = `/`): `file:FOLDER` and `s3://BUCKET/PREFIX` are referenced, `https://HOST/PATH` is copied.',
  ),
  sourceFresh: setting(
    'TINTYPE_SOURCE_FRESH',
    '60s',
    millisecondsIn(0, 86_400_000),
    'How long a picture of the source is believed to be as it was; then it is looked at again, behind the answer.',
  ),
  fetch: setting(
    'TINTYPE_FETCH',
    'off',
    hostsIn(),
    'Hosts that `POST /originals` may fetch pictures from: names, `.example.com` for all below one, `*` for all. Only ever ports 80 and 443 of public addresses.',
  ),
} as const;
