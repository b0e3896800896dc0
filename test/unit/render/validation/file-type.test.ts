import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { identify } from '../../../../src/render/validation/file-type.ts';
import { fixtureBytes } from '../../../support/photo.ts';

const latin = (text: string) => Buffer.from(text, 'latin1');
const boxed = (...brands: readonly string[]) => {
  const [major = '', ...compatible] = brands;
  return latin(`\0\0\0${String.fromCharCode(16 + 4 * compatible.length)}ftyp${major}\0\0\0\0${compatible.join('')}`);
};

describe('The type of an upload is what its first bytes say', () => {
  it.each([
    ['scene.jpg', 'jpg'],
    ['scene.png', 'png'],
    ['still.gif', 'gif'],
    ['still.webp', 'webp'],
    ['still.avif', 'avif'],
    ['still.tiff', 'tiff'],
  ])('%s is %s', (name, format) => {
    expect(identify(fixtureBytes(name).subarray(0, 64))).toEqual({ taken: format });
  });

  it.each([
    ['GIF87a', 'gif'],
    ['II*\0', 'tiff'],
    ['MM\0*', 'tiff'],
    ['II+\0', 'tiff'],
    ['MM\0+', 'tiff'],
  ])('%j begins another spelling of %s', (bytes, format) => {
    expect(identify(latin(bytes))).toEqual({ taken: format });
  });
});

describe('Threats B3 and B5: what we do not take has a name', () => {
  it.each([
    [gzipSync('<svg/>'), 'gzip'],
    [latin('%PDF-1.7'), 'PDF'],
    [latin('%!PS-Adobe-3.0 EPSF'), 'PostScript'],
    [latin('BM\0\0\0\0'), 'BMP'],
    [latin('\0\0\x01\0\x01\0'), 'ICO'],
    [latin('\0\0\x02\0\x01\0'), 'CUR'],
    [latin('\xff\x0a'), 'JPEG XL'],
    [latin('\0\0\0\x0cJXL \r\n\x87\n'), 'JPEG XL'],
    [latin('\0\0\0\x0cjP  \r\n\x87\n'), 'JPEG 2000'],
    [latin('8BPS\0\x01'), 'PSD'],
    [latin('v/1\x01'), 'OpenEXR'],
    [latin('SIMPLE  =                    T'), 'FITS'],
    [latin('#?RADIANCE\n'), 'Radiance HDR'],
    [latin('\x08\xf2\xa6\xb6'), 'a libvips image'],
    [latin('P6\n1 1\n255\n\0\0\0'), 'PPM'],
    [latin('PK\x03\x04'), 'ZIP'],
    [latin('\x7fELF\x02'), 'ELF'],
    [latin('<!doctype html><html>'), 'bytes of no picture format'],
    [latin('<?php system("id");'), 'bytes of no picture format'],
    [latin('push graphic-context\nfill url(http://127.0.0.1/)'), 'bytes of no picture format'],
    [latin('RIFF\0\0\0\0WAVE'), 'bytes of no picture format'],
    [latin('\x89PNG\n\x1a\n'), 'bytes of no picture format'],
    [latin('x'), 'bytes of no picture format'],
  ])('%# is refused as %s', (head, name) => {
    expect(identify(head)).toEqual({ refused: name });
  });

  it.each([
    [boxed('avif', 'avif', 'mif1'), { taken: 'avif' }],
    [boxed('mif1', 'avif', 'miaf'), { taken: 'avif' }],
    [boxed('heic', 'mif1'), { refused: 'HEIC (HEVC)' }],
    [boxed('mif1', 'heic'), { refused: 'HEIC (HEVC)' }],
    [boxed('msf1', 'hevc'), { refused: 'HEIC (HEVC)' }],
    [boxed('avis', 'avif', 'msf1'), { refused: 'an AVIF sequence' }],
    [boxed('mif1', 'jpeg'), { refused: 'HEIF without AV1' }],
    [boxed('isom', 'mp42'), { refused: 'a film or another file of ISO boxes' }],
  ])('boxes of brand %# are told apart: %j', (head, verdict) => {
    expect(identify(head)).toMatchObject(verdict);
  });

  it('does not look for brands beyond the box or the bytes there are', () => {
    const lying = boxed('mif1', 'heic');
    lying.writeUInt32BE(0xff_ff_ff_ff, 0);
    expect(identify(lying)).toMatchObject({ refused: 'HEIC (HEVC)' });
    expect(identify(latin('\0\0\0\x10ftypmif1\0\0\0\0avif'))).toMatchObject({ refused: 'HEIF without AV1' });
  });
});

describe('Threat C1: SVG is found in every spelling', () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"/>';
  const swapped = Buffer.from(`\ufeff${svg}`, 'utf16le').swap16();
  it.each([
    ['plain', latin(svg)],
    ['after blanks', latin(`\n\t ${svg}`)],
    ['with a byte order mark', Buffer.from(`\ufeff${svg}`)],
    ['in UTF-16, little end first', Buffer.from(`\ufeff${svg}`, 'utf16le')],
    ['in UTF-16, big end first', swapped],
    ['in UTF-16 without a mark', Buffer.from(svg, 'utf16le')],
    ['after a declaration', latin(`<?xml version="1.0"?>\n${svg}`)],
    ['after a comment of 8 KB', latin(`<!-- ${'x'.repeat(8192)} -->${svg}`)],
    ['after a doctype with entities', latin(`<!DOCTYPE svg [<!ENTITY a "<b>"><!ENTITY c "d">]>${svg}`)],
    ['with a prefix', latin('<s:svg xmlns:s="http://www.w3.org/2000/svg"/>')],
  ])('%s', (_, head) => {
    expect(identify(head)).toEqual({ taken: 'svg' });
  });

  it('but not in a page that only speaks of it', () => {
    expect(identify(latin(`<html><body>${svg}</body></html>`))).toEqual({ refused: 'bytes of no picture format' });
  });
});
