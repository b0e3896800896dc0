import { describe, expect, it } from 'vitest';
import { Failure, type Mistake } from '../../../src/errors.ts';
import { parseTransform } from '../../../src/transform/grammar.ts';
import { splitImagePath } from '../../../src/transform/image-path.ts';
import { builtInPresets, readPresets } from '../../../src/transform/presets.ts';

const presets = readPresets(builtInPresets);

function mistakesOf(path: string): readonly Mistake[] {
  try {
    parseTransform(splitImagePath(path, '/img/'), presets);
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.kind === 'bad-words') return thrown.mistakes;
    throw thrown;
  }
  throw new Error(`Expected ${path} to be refused`);
}

describe('A word of another product gets a sentence of its own:', () => {
  it.each([
    ['v1571218039', 'SHA-256'],
    ['c_fill,g_face', 'faces are not looked for'],
    ['c_thumb,g_faces', 'faces are not looked for'],
    ['c_fill,g_auto:subject', 'g_auto or g_auto:entropy'],
    ['w_auto', 'srcset'],
    ['w_auto:breakpoints', 'srcset'],
    ['dpr_auto', 'srcset'],
    ['dpr_2x', 'without the x'],
    ['e_improve', 'needs a model'],
    ['e_gen_fill', 'needs a model'],
    ['if_w_gt_300', 'no conditions'],
    ['$size_300', 'values instead of variables'],
    ['s_400x300', 'w_ and h_'],
    ['400x300', 'w_ and h_'],
    ['fit_cover', 'c_ for the crop mode'],
    ['rotate_90', 'a_ for the angle'],
    ['w_0', 'no word at all'],
    ['w_400px', 'without their unit'],
    ['w_50p', 'a fraction with a dot'],
    ['w_iw', 'a fraction of the original'],
    ['x_50p', 'a fraction with a dot'],
    ['ar_16x9', 'a colon'],
    ['r_20px', 'without their unit'],
    ['bo_5px_solid_rgb:00390b', 'the hex digits of the colour alone'],
    ['a_auto_right', 'as EXIF says'],
    ['c_cover', 'c_fill'],
    ['c_contain', 'c_limit, c_fit or c_pad'],
    ['c_fill_pad', 'c_limit, c_fit or c_pad'],
    ['f_jxl', 'a format of ours'],
    ['width_400', 'the short key'],
    ['width=400', 'each a key, an underscore and a value'],
    ['w-400', 'a key, an underscore'],
    ['tr:w-400', 'each a key, an underscore and a value'],
    ['rs:fit:300:400', 'each a key, an underscore and a value'],
    ['fit-in', 'words such as c_fit'],
    ['so_2', 'words for pictures'],
  ])('%s: %s', (words, part) => {
    const [mistake] = mistakesOf(`/img/cat/${words}`);
    expect(mistake?.sentence).toContain(part);
    // What we recommend is legal here.
    expect(() => parseTransform(splitImagePath(`/img/cat/${mistake?.example}`, '/img/'), presets)).not.toThrow();
  });
});

describe('Words before the id are answered with the turned URL:', () => {
  it.each([
    ['/img/w_400,f_webp/cat', '/img/cat/f_webp,w_400'],
    ['/img/w_400/cat', '/img/cat/w_400'],
    ['/img/w_400/f_webp/cat', '/img/cat/w_400/f_webp'],
    ['/img/c_crop,w_0.5,h_0.5/w_400/products:shoe', '/img/products:shoe/c_crop,h_0.5,w_0.5/w_400'],
    ['/img/w_400,h_300/cat/f_webp', '/img/cat/h_300,w_400/f_webp'],
    ['/img/s_400x300,f_webp/cat', '/img/cat/f_webp,s_400x300'],
  ])('%s is %s', (path, turned) => {
    expect(mistakesOf(path)).toEqual([
      expect.objectContaining({ position: 5, example: turned, expected: `the words behind the id, here ${turned}` }),
    ]);
  });

  it.each(['/img/w_400,zzz/cat', '/img/w_400,f_webp', '/img/my,cat/zzz', '/img/cat/thum'])(
    '%s is no such URL',
    (path) => {
      expect(mistakesOf(path).map(({ expected }) => expected)).not.toContainEqual(
        expect.stringContaining('the words behind the id'),
      );
    },
  );

  it('an id that reads as a word is an id where its words are legal', () => {
    expect(() => parseTransform(splitImagePath('/img/w_400/f_webp', '/img/'), presets)).not.toThrow();
  });
});
