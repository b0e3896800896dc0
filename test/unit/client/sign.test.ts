import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { url } from '../../../src/client/index.ts';
import { signer } from '../../../src/client/sign.ts';
import { webSigner } from '../../../src/client/sign-web.ts';
import { Signatures } from '../../../src/http/auth/signatures.ts';
import { keys, signed } from '../../access/signing.ts';

const [key] = keys;
const sign = signer(key);

describe('A URL that a client signs', () => {
  it.each(keys)('is one the server has signed, with %s', async (each) => {
    const server = new Signatures([each]);
    const paths = ['/img/cat', '/img/a:b/w_400/cat.webp', '/info/cat', '/picture/cat', '/img/cat/l_text:A_9:%C3%A4'];
    for (const path of paths) {
      expect(signer(each)(path)).toBe(server.sign(path));
      expect(await webSigner(each)(path)).toBe(server.sign(path));
    }
  });

  it('is the documented one', () => {
    expect(sign('/img/cat/f_webp,w_400')).toBe(signed('cat', 'f_webp,w_400'));
    expect(sign('/img/cat')).toBe(signed('cat', ''));
  });

  it.each([
    ['https://img.example.com', ''],
    ['https://img', ''],
    ['', '?utm=1'],
    ['//img.example.com', '#top'],
  ])('may stand behind %j and before %j, which are not signed', (before, behind) => {
    expect(sign(`${before}/img/cat/w_400${behind}`)).toBe(`${before}${signed('cat', 'w_400')}${behind}`);
  });

  it.each(['', 'cat', '/img/', '/originals/cat', '/img/cat/s--x--/w_400', '/cdn/img/cat', 'https://img.example.com/'])(
    'is none where %j is no URL of a picture without a signature',
    (path) => expect(() => sign(path)).toThrow(/^Expected a URL such as/),
  );

  it('is asked for with the transform', () => {
    const server = new Signatures([key]);
    const id = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._~:-]{0,20}$/);
    fc.assert(
      fc.property(id, fc.nat(), fc.string({ unit: 'grapheme' }), (name, w, word) => {
        const path = url(name, { w, f: 'webp', l: word === '' ? 'logo' : word }, { sign });
        expect(server.verify(path)).toBe(true);
      }),
    );
  });
});
