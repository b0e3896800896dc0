import { derived, on, type Proof, refusedOn } from './proof.ts';

const page = 'https://nextjs.org/docs/app/api-reference/components/image';
const tests = 'https://github.com/vercel/next.js/blob/canary/test/unit/next-image-get-img-props.test.ts';

/** `w` is 1080 there where it is not said. */
const optimizer = 'https://github.com/vercel/next.js/blob/canary/test/integration/image-optimizer/test/util.ts';

/** Where the loader puts what is imported: no id can spell a name that begins with an underscore. */
const imported = 'path~X25leHQvc3RhdGljL21lZGlhL3Rlc3QuYWJjMTIzLnBuZw';

export const next: Proof = {
  name: 'next',
  examples: [
    ...on(page, [
      { url: '?url=%2Fprofile.jpg&w=640&q=75', id: 'profile.jpg', words: 'f_auto,q_75,w_640', size: [640, 480] },
      { url: '?url=%2Fprofile.jpg&w=828&q=75', id: 'profile.jpg', words: 'f_auto,q_75,w_828', size: [800, 600] },
    ]),
    ...on(tests, [
      { url: '?url=%2Ftest.png&w=128&q=75', id: 'test.png', words: 'f_auto,q_75,w_128', size: [128, 96] },
      { url: '?url=%2Ftest.png&w=256&q=50', id: 'test.png', words: 'f_auto,q_50,w_256', size: [256, 192] },
      { url: '?url=%2Ftest.png&w=3840&q=75', id: 'test.png', words: 'f_auto,q_75,w_3840', size: [800, 600] },
      {
        url: '?url=%2F_next%2Fstatic%2Fmedia%2Ftest.abc123.png&w=128&q=75&dpl=dpl_123',
        id: imported,
        words: 'f_auto,q_75,w_128',
        size: [128, 96],
      },
    ]),
    ...on(optimizer, [
      { url: '?url=%2Ftest.png&w=1080&q=80', id: 'test.png', words: 'f_auto,q_80,w_1080', size: [800, 600] },
      {
        url: '?w=1080&q=90&url=%2F%C3%A4%C3%B6%C3%BC%C5%A1%C4%8D%C5%99%C3%AD.png',
        id: 'path~w6TDtsO8xaHEjcWZw60ucG5n',
        words: 'f_auto,q_90,w_1080',
        size: [800, 600],
      },
    ]),
    ...on(derived, [
      {
        url: '?url=http%3A%2F%2Fexample.com%2Fassets%2Fimage.jpg&w=256&q=75',
        id: 'assets:image.jpg',
        words: 'f_auto,q_75,w_256',
        size: [256, 192],
      },
      {
        url: '?url=https%3A%2F%2Fcdn.example%2Fimage.jpg%3Fv%3D1&w=256&q=75',
        id: 'https://cdn.example/image.jpg?v=1',
        words: 'f_auto,q_75,w_256',
        size: [256, 192],
      },
    ]),
  ],
  refused: [
    ...refusedOn(optimizer, [
      ['?w=1080&q=100', 'url once'],
      ['?url=%2Ftest.png&q=100', 'w once'],
      ['?url=%2Ftest.png&w=1080', 'q once'],
      ['?url=%2Ftest.png&w=1080&q=101', 'q=101'],
      ['?url=%2Ftest.png&w=1080&q=0', 'q=0'],
      ['?url=%2Ftest.png&w=0&q=100', 'w=0'],
      ['?url=%2Ftest.png&w=foo&q=100', 'w=foo'],
      ['?url=%2Ftest.png&w=1080&q=foo', 'q=foo'],
      ['?url=file%3A%2F%2Flocalhost%3A3000%2Ftest.png&w=1080&q=80', 'file:'],
      ['?url=ftp%3A%2F%2Flocalhost%3A3000%2Ftest.png&w=1080&q=80', 'no store of that kind'],
      ['?url=%2F%2Fexample.com&w=1080&q=1', '//example.com'],
      ['?url=%2F_next%2Fimage%3Furl%3Dtest.pngw%3D1%26q%3D1&w=1080&q=1', 'without a query'],
      ['?url=%2Fassets%2F_next%2Fimage%3Furl%3D%252Ftest.png%26w%3D128%26q%3D75&w=1080&q=1', 'without a query'],
      ['?url=%252F_next%252Fimage%253Furl%253Dtest.pngw%253D1%2526q%253D1&w=1080&q=1', '%2F_next'],
    ]),
    ...refusedOn('https://github.com/vercel/next.js/issues/40033', [['?url=%2Ftest%2F&w=32&q=75&w=32&q=75', 'w once']]),
    ...refusedOn(derived, [
      ['?url=%2Fcat.jpg&w=640&q=75&h=3', 'h=3'],
      ['?url=%2Fcat.jpg%3Fv%3D1&w=640&q=75', 'without a query'],
      ['/more?url=%2Fcat.jpg&w=640&q=75', 'nothing behind the path'],
    ]),
  ],
  vectors: null,
};
