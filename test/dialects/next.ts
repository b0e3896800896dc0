import type { Proof } from './proof.ts';

export const next: Proof = {
  name: 'next',
  sources: ['https://nextjs.org/docs/app/api-reference/components/image', 'vercel/next.js: image-optimizer.ts'],
  examples: [
    { url: '?url=%2Fcat.jpg&w=640&q=75', id: 'cat.jpg', words: 'f_auto,q_75,w_640', size: [640, 480] },
    { url: '?url=%2Fprofile.jpg&w=3840&q=75', id: 'profile.jpg', words: 'f_auto,q_75,w_3840', size: [800, 600] },
    {
      url: '?url=%2F_next%2Fstatic%2Fmedia%2Flogo-A.83958f8c.png&w=64&q=75&dpl=abc',
      id: 'path~X25leHQvc3RhdGljL21lZGlhL2xvZ28tQS44Mzk1OGY4Yy5wbmc',
      words: 'f_auto,q_75,w_64',
      size: [64, 48],
    },
    {
      url: '?url=http%3A%2F%2Fexample.com%2Fassets%2Fimage.jpg&w=256&q=75',
      id: 'assets:image.jpg',
      words: 'f_auto,q_75,w_256',
      size: [256, 192],
    },
  ],
  refused: [
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
  ],
  vectors: null,
};
