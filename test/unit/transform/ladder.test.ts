import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/errors.ts';
import { printTransform } from '../../../src/transform/canonical.ts';
import { parseTransform } from '../../../src/transform/grammar.ts';
import { splitImagePath } from '../../../src/transform/image-path.ts';
import { checkWidths, type Ladder, ladderBeside, snapToRungs } from '../../../src/transform/ladder.ts';
import { builtInPresets, readPresets } from '../../../src/transform/presets.ts';

const presets = readPresets(builtInPresets);
const ladder = (kind: Ladder['kind'], ...widths: readonly number[]) => ladderBeside({ kind, widths }, presets);
const pathOf = (words: string) => splitImagePath(`/img/cat/${words}`, '/img/');

function snapped(words: string): string {
  return printTransform(snapToRungs(parseTransform(pathOf(words), presets), ladder('snap', 640, 320, 1280)));
}

describe('A ladder of 320, 640 and 1280 answers', () => {
  it.each([
    ['w_320', 'w_320'],
    ['w_321', 'w_640'],
    ['w_1', 'w_320'],
    ['w_5000', 'w_1280'],
    ['dpr_2,w_320', 'dpr_2,w_320'],
    ['dpr_2,w_300', 'w_640'],
    ['dpr_1.5,r_10,w_300', 'r_15,w_640'],
    ['c_fill,h_300,w_300', 'c_fill,h_320,w_320'],
    ['c_fill,dpr_2,h_150,w_300', 'c_fill,h_320,w_640'],
    ['bo_4px_solid_000,w_300', 'bo_4px_solid_000000,w_320'],
    ['h_333', 'h_333'],
    ['w_0.37', 'w_0.37'],
    ['c_crop,h_5,w_333', 'c_crop,h_5,w_333'],
    ['c_crop,h_5,w_333/w_100', 'c_crop,h_5,w_333/w_320'],
    ['thumb', 'f_webp,h_150,q_80,w_150'],
    ['medium,w_700', 'f_webp,h_1463,q_85,w_1280'],
  ])('%s with %s', (words, rung) => {
    expect(snapped(words)).toBe(rung);
    expect(snapped(rung)).toBe(rung);
  });
});

describe('A list of 320 and 640', () => {
  it.each([
    'w_320',
    'dpr_2,w_320',
    'w_640/cat.webp',
    'h_333',
    'c_crop,h_5,w_333',
    'thumb',
    'w_150',
    'w_333.jpg',
    'w_abc',
  ])('says nothing against %s', (words) => {
    expect(() => checkWidths(pathOf(words), ladder('list', 320, 640))).not.toThrow();
  });

  it.each([
    'w_321',
    'dpr_2,w_640',
    'w_320/w_321',
    'w_0.5',
    'w_320,w_321',
    'zz_1,w_321',
    'w_%33%32%31',
    'w_321,c_scale',
    'thumb,w_321',
  ])('refuses %s, whatever else is wrong with it', (words) => {
    const check = () => checkWidths(pathOf(words), ladder('list', 320, 640));
    expect(check).toThrow(Failure);
    expect(check).toThrow('Expected one of the widths 320, 640 but received w_');
  });

  it('is no matter where all widths are free', () => {
    expect(() => checkWidths(pathOf('w_321'), ladder('free'))).not.toThrow();
  });
});
