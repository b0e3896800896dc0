import { fixtureBytes } from '../support/photo.ts';

function box(name: string, ...content: readonly (Uint8Array | string)[]): Buffer {
  const body = Buffer.concat([Buffer.from(`\0\0\0\0${name}`, 'latin1'), ...content.map((part) => Buffer.from(part))]);
  body.writeUInt32BE(body.length, 0);
  return body;
}

function numbers(...values: readonly (readonly [value: number, bytes: number])[]): Buffer {
  return Buffer.concat(
    values.map(([value, bytes]) => {
      const part = Buffer.alloc(bytes);
      part.writeUIntBE(value, 0, bytes);
      return part;
    }),
  );
}

/** The box of that name in an AVIF we have, whole. */
function borrowed(avif: Buffer, name: string): Buffer {
  const at = avif.indexOf(name) - 4;
  return avif.subarray(at, at + avif.readUInt32BE(at));
}

export interface HeifParts {
  readonly codec?: 'av01' | 'hvc1';
  /** Pictures that show the same data; the last one is the primary. */
  readonly pictures?: number;
}

/** A HEIF file of the brand `avif` around the picture of a fixture (ISO/IEC 14496-12 8.11), as what it is told to be. */
export function heifBytes({ codec = 'av01', pictures = 1 }: HeifParts): Buffer<ArrayBuffer> {
  const avif = fixtureBytes('still.avif');
  const data = borrowed(avif, 'mdat').subarray(8);
  const config =
    codec === 'av01'
      ? borrowed(avif, 'av1C')
      : box('hvcC', Buffer.from('0101600000009000000000005af000fcfdf8f800000f00', 'hex'));
  const ids = Array.from({ length: pictures }, (_, index) => index + 1);
  const full = numbers([0, 4]);
  const entries = ids.map((id) => box('infe', numbers([2, 1], [0, 3], [id, 2], [0, 2]), codec, numbers([0, 1])));
  const associations = ids.map((id) => numbers([id, 2], [2, 1], [1, 1], [0x82, 1]));
  const properties = box(
    'iprp',
    box('ipco', borrowed(avif, 'ispe'), config),
    box('ipma', full, numbers([pictures, 4]), ...associations),
  );
  const head = box('ftyp', 'avif', full, 'avifmif1');
  const meta = (start: number) =>
    box(
      'meta',
      full,
      box('hdlr', full, full, 'pict', Buffer.alloc(13)),
      box('pitm', full, numbers([pictures, 2])),
      box(
        'iloc',
        full,
        numbers([0x4400, 2], [pictures, 2]),
        ...ids.map((id) => numbers([id, 2], [0, 2], [1, 2], [start, 4], [data.length, 4])),
      ),
      box('iinf', full, numbers([pictures, 2]), ...entries),
      properties,
    );
  const start = head.length + meta(0).length + 8;
  return Buffer.concat([head, meta(start), box('mdat', data)]);
}
