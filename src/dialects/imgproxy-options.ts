import { ownValue } from './own-value.ts';
import { blurOf, fraction, numberIn, type TransformWriter } from './spelling.ts';

/** What the pipeline does with the box is known once every option was read. */
export interface ImgproxyBox {
  type: string;
  /** 0: it follows from the other side. */
  w: string;
  h: string;
  enlarge: boolean;
  extend: boolean;
  gravity: readonly string[];
  gravityFrom: string;
  extendFrom: string;
  expires: number | null;
  /** Names joined by dots. */
  presets: string;
}

export const usualBox: ImgproxyBox = {
  type: 'fit',
  w: '0',
  h: '0',
  enlarge: false,
  extend: false,
  gravity: [],
  gravityFrom: '',
  extendFrom: '',
  expires: null,
  presets: '',
};

type Option = (spelling: TransformWriter, args: readonly string[], from: string, box: ImgproxyBox) => void;

const isTrue = (text: string | undefined) => text === '1' || text === 't' || text === 'true';

const compass: Readonly<Record<string, string>> = {
  no: 'north',
  so: 'south',
  ea: 'east',
  we: 'west',
  noea: 'north_east',
  nowe: 'north_west',
  soea: 'south_east',
  sowe: 'south_west',
  ce: 'center',
  sm: 'auto',
};

/** Where something is cut or laid; offsets count inwards, as ours do. */
export function writeGravity(spelling: TransformWriter, args: readonly string[], from: string): void {
  const [name = '', x = '0', y = '0', ...rest] = args;
  const ours = ownValue(compass, name);
  if (rest.length > 0) return spelling.wrong(from, 'a gravity with at most two numbers');
  if (name === 'fp') {
    const [across, down] = [fraction(x), fraction(y)];
    if (args.length < 3 || across === null || down === null) return spelling.wrong(from, 'fp:x:y with x and y up to 1');
    spelling.word('g', 'xy_center', from);
    spelling.word('x', across, from);
    return spelling.word('y', down, from);
  }
  if (ours === undefined) return spelling.refuse(from);
  spelling.word('g', ours, from);
  for (const [key, value] of [
    ['x', x],
    ['y', y],
  ] as const) {
    if (value !== '0' && value !== '') spelling.word(key, value, from);
  }
}

const size: Option = (spelling, [width, height, enlarge, extend, ...gravity], from, box) => {
  takeSide(box, 'w', width);
  takeSide(box, 'h', height);
  if (enlarge !== undefined && enlarge !== '') box.enlarge = isTrue(enlarge);
  if (extend !== undefined && extend !== '') extendBy(spelling, [extend, ...gravity], from, box);
};

const extendBy: Option = (spelling, [extend, ...gravity], from, box) => {
  box.extend = isTrue(extend);
  if (box.extend && gravity.some((text) => text !== '')) {
    if (gravity[0] === 'sm' || !isGravity(gravity[0])) spelling.refuse(from);
    box.gravity = gravity;
    box.gravityFrom = from;
  }
  box.extendFrom = from;
};

function takeSide(box: ImgproxyBox, key: 'w' | 'h', text: string | undefined): void {
  if (text !== undefined && text !== '') box[key] = text;
}

const type: Option = (_spelling, [name = ''], _from, box) => {
  box.type = name;
};

const isGravity = (name = '') => name === 'fp' || Object.hasOwn(compass, name);

const gravity: Option = (spelling, args, from, box) => {
  if (!isGravity(args[0])) spelling.refuse(from);
  box.gravity = args;
  box.gravityFrom = from;
};

/** Of `e_blur:1`. */
const minSigma = 0.52;

/** What libvips calls sigma. */
function sigmaOf(spelling: TransformWriter, text: string | undefined, from: string): number | null {
  const sigma = numberIn(text ?? '');
  if (sigma === null || sigma < 0) spelling.wrong(from, 'a standard deviation in pixels');
  return sigma === null || sigma <= 0 ? null : sigma;
}

/** Metadata and profiles are always left out here: what is asked for is what is done. */
function always(what: string): Option {
  return (spelling, [text], from) => {
    if (!isTrue(text)) spelling.refuse(from, what);
  };
}

const word =
  (key: Parameters<TransformWriter['word']>[0]): Option =>
  (spelling, [text = ''], from) =>
    spelling.word(key, text, from);

/** By their short names (docs.imgproxy.net/usage/processing). */
export const options: Readonly<Record<string, Option>> = {
  rs(spelling, [name, ...rest], from, box) {
    if (name !== undefined && name !== '') box.type = name;
    size(spelling, rest, from, box);
  },
  s: size,
  rt: type,
  w: (_spelling, [text], _from, box) => takeSide(box, 'w', text),
  h: (_spelling, [text], _from, box) => takeSide(box, 'h', text),
  el(_spelling, [text], _from, box) {
    box.enlarge = isTrue(text);
  },
  ex: extendBy,
  g: gravity,
  dpr: word('dpr'),
  q(spelling, [text = ''], from) {
    if (text !== '0') spelling.word('q', text, from);
  },
  f: word('f'),
  mb(spelling, [text = ''], from) {
    const bytes = numberIn(text);
    if (bytes === null) return spelling.wrong(from, 'a number of bytes');
    if (bytes % 1000 !== 0) spelling.approximate(from, 'rounded down to whole thousands of bytes');
    if (bytes !== 0) spelling.word('mb', `${Math.floor(bytes / 1000)}k`, from);
  },
  bg(spelling, args, from) {
    if (args.join('') === '') return;
    const hex = args.length === 3 ? args.map((each) => Number(each).toString(16).padStart(2, '0')).join('') : args[0];
    spelling.word('b', hex ?? '', from);
  },
  bl(spelling, [text], from) {
    const sigma = sigmaOf(spelling, text, from);
    if (sigma === null) return;
    spelling.word('e', blurOf(sigma), from);
    if (sigma < minSigma) spelling.approximate(from, `blurred with a sigma of ${minSigma}`);
  },
  sh(spelling, [text], from) {
    if (sigmaOf(spelling, text, from) === null) return;
    spelling.word('e', 'sharpen', from);
    spelling.approximate(from, 'sharpened as much as e_sharpen does, whatever the sigma');
  },
  pix(spelling, [text = ''], from) {
    if (text !== '0' && text !== '1') spelling.word('e', `pixelate:${text}`, from);
  },
  rot(spelling, [text = ''], from) {
    if (text !== '0') spelling.word('a', text, from);
  },
  ar(spelling, [text], from) {
    if (!isTrue(text)) spelling.word('a', 'ignore', from);
  },
  pr(_spelling, names, _from, box) {
    box.presets = [...(box.presets === '' ? [] : [box.presets]), ...names].join('.');
  },
  sm: always('no way to keep metadata but fl_keep_attribution'),
  scp: always('no way to keep a profile but cs_keep'),
  kcr(spelling, [text], from) {
    if (isTrue(text)) spelling.flag('keep_attribution');
    else spelling.approximate(from, 'left out here unless it is asked for');
  },
  att(spelling, [text]) {
    if (isTrue(text)) spelling.flag('attachment');
  },
  // Names no picture: it is there to be changed.
  cb: () => undefined,
  exp(spelling, [text = ''], from, box) {
    const seconds = numberIn(text);
    if (seconds === null || !Number.isInteger(seconds) || seconds < 1) spelling.wrong(from, 'unix seconds');
    else box.expires = seconds;
  },
};

/** Options that add up with others of their kind, or with those of the box; of all others the last counts. */
export const boxing: readonly string[] = ['rs', 's', 'w', 'h', 'ex', 'el', 'rt', 'g', 'pr'];

/** Long names and other short ones. */
export const aliases: Readonly<Record<string, string>> = {
  resize: 'rs',
  crop: 'c',
  trim: 't',
  size: 's',
  resizing_type: 'rt',
  width: 'w',
  height: 'h',
  enlarge: 'el',
  extend: 'ex',
  gravity: 'g',
  quality: 'q',
  format: 'f',
  ext: 'f',
  max_bytes: 'mb',
  background: 'bg',
  blur: 'bl',
  sharpen: 'sh',
  pixelate: 'pix',
  rotate: 'rot',
  auto_rotate: 'ar',
  preset: 'pr',
  strip_metadata: 'sm',
  strip_color_profile: 'scp',
  keep_copyright: 'kcr',
  return_attachment: 'att',
  cachebuster: 'cb',
  expires: 'exp',
};
