import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/errors.ts';
import { printImagePath, printTransform } from '../../../src/transform/canonical.ts';
import { parseTransform } from '../../../src/transform/grammar.ts';
import { splitImagePath } from '../../../src/transform/image-path.ts';
import { builtInPresets, readPresets } from '../../../src/transform/presets.ts';

const presets = readPresets({
  ...builtInPresets,
  square: 'ar_1:1,g_auto',
  vintage: 'e_sepia,e_blur:5',
  chain: 'c_crop,w_0.5,h_0.5,x_0,y_0/w_100,f_png',
});
const parse = (path: string) => parseTransform(splitImagePath(path, '/img/'), presets);
const print = (words: string) => printTransform(parse(`/img/cat/${words}`));

function refusal(path: string): Failure {
  try {
    parse(path);
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown;
  }
  throw new Error(`Expected ${path} to be refused`);
}

describe('One picture has one spelling:', () => {
  const spellings: readonly (readonly [sent: string, canonical: string])[] = [
    ['w_400,f_webp', 'f_webp,w_400'],
    ['f_webp,w_400', 'f_webp,w_400'],
    ['w_400%2Cf_webp', 'f_webp,w_400'],
    ['w_400/cat.webp', 'f_webp,w_400'],
    ['w_400/cat.WEBP', 'f_webp,w_400'],
    ['w_400,f_webp/anything you like.webp', 'f_webp,w_400'],
    ['cat.webp', 'f_webp'],
    ['w_9/red shoes.webp', 'f_webp,w_9'],
    ['w_9/f_png.webp', 'f_webp,w_9'],
    ['w_9/thumb.webp', 'f_webp,w_9'],
    ['w_9/x_y.webp', 'f_webp,w_9'],
    ['f_jpeg', 'f_jpg'],
    ['c_limit,w_400', 'w_400'],
    ['ar_16:9,c_fill,w_400', 'ar_16:9,w_400'],
    ['ar_32:18,w_400', 'ar_16:9,w_400'],
    ['c_auto,h_100,w_100', 'c_fill,g_auto,h_100,w_100'],
    ['c_thumb,h_100,w_100', 'c_fill,h_100,w_100'],
    ['c_fill,g_center,h_100,w_100', 'c_fill,h_100,w_100'],
    ['c_crop,h_10,w_10,x_0,y_0', 'c_crop,h_10,w_10'],
    ['c_crop,g_north_west,h_10,w_10', 'c_crop,h_10,w_10'],
    ['c_crop,g_center,h_10,w_10', 'c_crop,g_center,h_10,w_10'],
    ['c_fill,g_center,h_10,w_10,x_5', 'c_fill,g_center,h_10,w_10,x_5'],
    ['dpr_1,w_400', 'w_400'],
    ['dpr_2.0,w_400', 'dpr_2,w_400'],
    ['w_1.00', 'w_1.0'],
    ['w_0.50', 'w_0.5'],
    ['b_white,c_pad,h_9,w_9', 'b_ffffff,c_pad,h_9,w_9'],
    ['b_FFF,c_pad,h_9,w_9', 'b_ffffff,c_pad,h_9,w_9'],
    ['b_rgb:00ff0080,c_pad,h_9,w_9', 'b_00ff0080,c_pad,h_9,w_9'],
    ['a_-90,w_9', 'a_270,w_9'],
    ['a_auto,w_9', 'w_9'],
    ['a_auto.90,w_9', 'a_90,w_9'],
    ['a_hflip.vflip', 'a_180'],
    ['a_90.hflip', 'a_hflip.270'],
    ['a_vflip', 'a_vflip'],
    ['q_auto:good', 'q_auto'],
    ['thumb', 'f_webp,h_150,q_80,w_150'],
    ['t_thumb', 'f_webp,h_150,q_80,w_150'],
    ['thumb,w_100', 'f_webp,h_150,q_80,w_100'],
    ['t_thumb.large', 'f_webp,h_1920,q_90,w_1920'],
    ['square,w_50', 'ar_1:1,g_auto,w_50'],
    ['chain', 'c_crop,h_0.5,w_0.5/f_png,w_100'],
    ['chain,w_30', 'c_crop,h_0.5,w_0.5/f_png,w_30'],
    ['f_webp/c_crop,h_10,w_10', 'c_crop,f_webp,h_10,w_10'],
    ['c_crop,f_webp,h_10,w_10/w_5', 'c_crop,h_10,w_10/f_webp,w_5'],
    ['v_1a2b3c4d,w_5/h_3', 'v_1a2b3c4d,w_5/h_3'],
    ['f_auto,w_5/picture.gif', 'f_auto,w_5'],
    ['w_5,e_sharpen:100,e_blur:100', 'e_blur,e_sharpen,w_5'],
    ['e_sepia:80', 'e_sepia'],
    ['e_brightness:0,w_5', 'w_5'],
    ['co_red,e_colorize:0,w_5', 'w_5'],
    ['co_red,e_tint', 'co_ff0000,e_tint'],
    ['e_duotone:rgb:102030:Fff', 'e_duotone:102030:ffffff'],
    ['e_clahe:8:8/e_blur/e_blur', 'e_clahe/e_blur/e_blur'],
    ['vintage,e_sepia:20', 'e_blur:5,e_sepia:20'],
    ['vintage,e_negate', 'e_blur:5,e_negate,e_sepia'],
  ];
  it.each(spellings)('%s is %s', (sent, canonical) => {
    expect(print(sent)).toBe(canonical);
    expect(print(canonical)).toBe(canonical);
  });

  it('prints a path that ends in a cosmetic name where the format is known', () => {
    expect(printImagePath('cat', parse('/img/cat/w_400,f_jpeg'))).toBe('/img/cat/f_jpg,w_400/cat.jpg');
    expect(printImagePath('cat', parse('/img/cat/w_400,f_auto'))).toBe('/img/cat/f_auto,w_400');
  });
});

describe('The id and its last name are file names, whatever they say:', () => {
  it.each([
    ['/img/w_9/f_png/w_9.png', 'f_png'],
    ['/img/thumb/thumb.webp', 'f_webp'],
    ['/img/big:w_9/w_8/w_9.webp', 'f_webp,w_8'],
    ['/img/big:w_9.jpg/w_8/w_9.webp', 'f_webp,w_8'],
    ['/img/big:w_9.jpg/w_8/w_9.jpg', 'f_jpg,w_8'],
  ])('%s is %s', (path, canonical) => expect(printTransform(parse(path))).toBe(canonical));
});

describe('What is not understood is refused:', () => {
  const refused: readonly (readonly [path: string, part: string])[] = [
    ['/img/cat/w_4OO', 'Expected an integer from 1 to 8192, or a fraction from 0.01 to 8.0 for w but received "4OO"'],
    ['/img/cat/widht_400', 'Unknown parameter "widht" at position 9 (did you mean w?)'],
    ['/img/cat/w_400,f_webpp', 'one of auto, jpg'],
    ['/img/cat/thum', 'Unknown preset "thum" at position 9 (did you mean thumb?)'],
    ['/img/cat/w_400,w_500', 'only once in a component'],
    ['/img/cat/f_png/f_png', 'only once in a URL'],
    ['/img/cat/w_5/v_1a2b3c4d', 'in the first component only'],
    ['/img/cat/w_1,h_1,ar_1', 'at most two of w, h and ar'],
    ['/img/cat/ar_1,c_limit', 'not with c_limit'],
    ['/img/cat/g_north,w_5', 'add c_fill'],
    ['/img/cat/c_auto,g_north,w_5', 'c_auto without another gravity'],
    ['/img/cat/c_pad,g_auto,w_5,h_5', 'g_auto with a mode that cuts'],
    ['/img/cat/x_1,w_5', 'x and y with c_crop'],
    ['/img/cat/c_fill,g_xy_center,x_0.5,w_5,h_5', 'both x and y'],
    ['/img/cat/z_2,w_5', 'z with c_thumb'],
    ['/img/cat/f_orig,w_5', 'f_orig as the only word'],
    ['/img/cat/f_png/cat.webp', 'a name whose extension fits f_png'],
    ['/img/cat/thumb/cat.jpg', 'a name whose extension fits f_webp'],
    ['/img/cat/w_0.5.webp', 'words in a component of their own'],
    ['/img/cat/thumb/w_9.jpg', 'words in a component of their own'],
    ['/img/cat/h_9/w_9@2x.JPG', 'words in a component of their own'],
    ['/img/cat/width_9.png', 'words in a component of their own'],
    ['/img/cat/square.webp', 'words in a component of their own'],
    ['/img/cat/w_400,', 'a word between commas'],
    ['/img/cat/w_400//h_4', 'words between slashes'],
    ['/img/cat/', 'words between slashes'],
    ['/img/cat/w_%ff', 'percent-encoded UTF-8'],
    ['/img/cat/w_4%00', 'without slashes and control characters'],
    ['/img/cat/w_4%2f', 'without slashes and control characters'],
    ['/img/..%2f..%2fetc/w_1', 'without empty or hidden names'],
    ['/img/a%00/w_1', 'without empty or hidden names'],
    ['/img/a%5cb/w_1', 'without empty or hidden names'],
    ['/img/a%2F%2Fb/w_1', 'without empty or hidden names'],
    ['/img/a%ff/w_1', 'without empty or hidden names'],
    ['/img/a/.b/c.jpg/w_1', 'without empty or hidden names'],
    ['/img/a/b%2Fc.jpg/w_1', 'without empty or hidden names'],
    [`/img/${'%C3%A4'.repeat(92)}/w_1`, 'short enough for an id'],
    ['/img/.a/w_1', 'an id of 1 to 200 characters'],
    [`/img/${'a'.repeat(201)}`, 'an id of 1 to 200 characters'],
    ['/img//w_1', 'an id of 1 to 200 characters'],
    ['/img/cat/v1571218039,w_5', 'v_ and the beginning of the SHA-256'],
    ['/img/cat/c_fill,g_face,w_5', 'faces are not looked for'],
    ['/img/cat/w_auto', 'one URL per candidate of a srcset'],
    ['/img/cat/s_400x300', 'w_ and h_'],
    ['/img/cat/w_٤٠٠', 'an integer from 1 to 8192'],
    ['/img/cat/constructor', 'Unknown preset'],
    ['/img/cat/e_blur,e_blur:5', 'an effect only once in a component'],
    ['/img/cat/e_brightness', 'an integer from -100 to 100 behind e_brightness'],
    ['/img/cat/e_negate:1', 'no value behind e_negate'],
    ['/img/cat/e_grayscael', 'did you mean e_grayscale?'],
    ['/img/cat/e_multiply', 'one blend where a layer is placed'],
    ['/img/cat/e_improve', 'this one needs a model'],
    ['/img/cat/co_red,e_blur', 'co with an effect that takes a colour'],
    ['/img/cat/__proto___1', 'Unknown parameter'],
  ];
  it.each(refused)('%s, saying "%s"', (path, part) => {
    const failure = refusal(path);
    expect(failure.kind).toBe('bad-words');
    expect(failure.message).toContain(part);
    expect(failure.mistakes.length).toBeGreaterThan(0);
  });

  it('every mistake of a URL is named at once, each at its place', () => {
    const { mistakes } = refusal('/img/cat/w_x,q_0/zz_1,h_5');
    expect(mistakes.map(({ position, received }) => [position, received])).toEqual([
      [11, 'x'],
      [15, '0'],
      [17, 'zz_1'],
    ]);
  });

  it('a path of more than 2048 bytes is too long', () => {
    expect(refusal(`/img/cat/${'w_1,'.repeat(600)}`).kind).toBe('path-too-long');
  });

  it('at most 64 words and 16 components stand in a URL', () => {
    expect(refusal(`/img/cat/${Array.from({ length: 17 }, () => 'w_9').join('/')}`).message).toContain(
      'at most 16 components',
    );
    expect(
      refusal(`/img/cat/${Array.from({ length: 13 }, () => 'w_9,h_9,c_fit,a_1,b_000').join('/')}`).message,
    ).toContain('at most 64 words');
  });

  it('long received texts are cut', () => {
    expect(refusal(`/img/cat/w_${'9'.repeat(1000)}`).message.length).toBeLessThan(200);
  });
});

describe('A path is taken apart:', () => {
  it('a signature stands between id and words and is no word', () => {
    const path = splitImagePath('/img/cat/s--abc-_1--/w_4,f_png/cat.png', '/img/');
    expect(path).toMatchObject({ id: 'cat', signature: 'abc-_1', afterSignature: 'w_4,f_png/cat.png' });
  });

  it.each([
    ['/img/c%61t/w_4', 'cat', ['w_4']],
    ['/img/shoes%2Fred.jpg/w_4', 'shoes:red.jpg', ['w_4']],
    ['/img/shoes%3Ared.jpg/w_4', 'shoes:red.jpg', ['w_4']],
    ['/img/shoes/red.jpg/w_4', 'shoes:red.jpg', ['w_4']],
    ['/img/shoes/summer/RED.JPEG/w_4/a.webp', 'shoes:summer:RED.JPEG', ['w_4', 'a.webp']],
    ['/img/shoes/red.jpg/thumb.webp', 'shoes:red.jpg', ['thumb.webp']],
    ['/img/a.jpg/b.jpg/w_4', 'a.jpg:b.jpg', ['w_4']],
    ['/img/shoes/red.jpg', 'shoes', ['red.jpg']],
    ['/img/shoes/red/w_4', 'shoes', ['red', 'w_4']],
    ['/img/cat/w_4/l_logo.png/w_9', 'cat', ['w_4', 'l_logo.png', 'w_9']],
    ['/img/cat/thumb/l_logo.png/w_9', 'cat', ['thumb', 'l_logo.png', 'w_9']],
    ['/img/cat/a,b/c.jpg/w_9', 'cat', ['a,b', 'c.jpg', 'w_9']],
    ['/img/cat/a%2Cb/c.jpg/w_9', 'cat', ['a%2Cb', 'c.jpg', 'w_9']],
    ['/img/shoes%2Fred/b.jpg/w_4', 'shoes:red', ['b.jpg', 'w_4']],
    [`/img/shoes/red/s--${'a'.repeat(32)}--/w_4`, 'shoes:red', ['w_4']],
    ['/img/Mein%20Bild.jpg', `path~${Buffer.from('Mein Bild.jpg').toString('base64url')}`, []],
    ['/img/foto/%E7%8C%AB.png/w_4', `path~${Buffer.from('foto/猫.png').toString('base64url')}`, ['w_4']],
  ])('%s is of %s', (path, id, segments) => {
    const split = splitImagePath(path, '/img/');
    expect([split.id, split.segments.map(({ raw }) => raw)]).toEqual([id, segments]);
  });

  it('an id may hold the folder separator', () => {
    expect(splitImagePath('/img/products:2024:shoe~1', '/img/').id).toBe('products:2024:shoe~1');
  });
});
