import { derived, on, type Proof, refusedOn } from './proof.ts';

const page = 'https://nextjs.org/docs/app/api-reference/components/image';
const tests = 'https://github.com/vercel/next.js/blob/canary/test/unit/next-image-get-img-props.test.ts';

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
  refused: refusedOn(derived, [
    ['?w=640&q=75', 'url once'],
    ['?url=%2Fcat.jpg&q=75', 'w once'],
    ['?url=%2Fcat.jpg&w=640', 'q once'],
    ['?url=%2Fcat.jpg&w=640&w=750&q=75', 'w once'],
    ['?url=%2Fcat.jpg&w=0&q=75', 'w=0'],
    ['?url=%2Fcat.jpg&w=640&q=101', 'q=101'],
    ['?url=%2Fcat.jpg&w=640&q=75&h=3', 'h=3'],
    ['?url=%2Fcat.jpg%3Fv%3D1&w=640&q=75', 'without a query'],
    ['?url=ftp%3A%2F%2Fexample.com%2Fcat.jpg&w=640&q=75', 'no store of that kind'],
    ['/more?url=%2Fcat.jpg&w=640&q=75', 'nothing behind the path'],
  ]),
  vectors: null,
};
