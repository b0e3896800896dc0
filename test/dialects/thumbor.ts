import type { Proof } from './proof.ts';

const image = 'my.server.com/some/path/to/image.jpg';
const id = 'my.server.com:some:path:to:image.jpg';

/** The pages' own pictures are of 800 × 600 and 400 × 600, as ours are. */
export const thumbor: Proof = {
  name: 'thumbor',
  sources: [
    'https://thumbor.readthedocs.io/en/latest/usage.html',
    'https://thumbor.readthedocs.io/en/latest/libraries.html (Library Tests: Scenarios)',
    'https://github.com/cshum/imagor#readme',
  ],
  examples: [
    { url: '/unsafe/fit-in/300x200/photo.jpg', id: 'photo.jpg', words: 'h_200,w_300', size: [267, 200] },
    { url: '/unsafe/fit-in/300x200/tall.jpg', id: 'tall.jpg', words: 'h_200,w_300', size: [133, 200], portrait: true },
    { url: '/unsafe/full-fit-in/300x200/photo.jpg', id: 'photo.jpg', words: 'c_mfit,h_200,w_300', size: [300, 225] },
    {
      url: '/unsafe/full-fit-in/300x200/tall.jpg',
      id: 'tall.jpg',
      words: 'c_mfit,h_200,w_300',
      size: [300, 450],
      portrait: true,
    },
    { url: '/unsafe/400x0/photo.jpg', id: 'photo.jpg', words: 'c_scale,w_400', size: [400, 300] },
    { url: '/unsafe/300x/photo.jpg', id: 'photo.jpg', words: 'c_scale,w_300', size: [300, 225] },
    { url: '/unsafe/0x0/photo.jpg', id: 'photo.jpg', words: '', size: [800, 600] },
    { url: '/unsafe/300xorig/photo.jpg', id: 'photo.jpg', words: 'c_fill,h_1.0,w_300', size: [300, 600] },
    { url: '/unsafe/origx300/photo.jpg', id: 'photo.jpg', words: 'c_fill,h_300,w_1.0', size: [800, 300] },
    {
      url: '/unsafe/-300x-200/left/top/smart/photo.jpg',
      id: 'photo.jpg',
      words: 'c_fill,g_auto,h_200,w_300/a_180',
      size: [300, 200],
      alike: true,
    },
    { url: `/unsafe/300x200/right/bottom/${image}`, id, words: 'c_fill,g_south_east,h_200,w_300', size: [300, 200] },
    {
      url: `/unsafe/10x20:210x170/100x0/${image}`,
      id,
      words: 'c_crop,h_150,w_200,x_10,y_20/c_scale,w_100',
      size: [100, 75],
    },
    { url: `/unsafe/stretch/300x300/${image}`, id, words: 'c_scale,h_300,w_300', size: [300, 300] },
    {
      url: `/unsafe/fit-in/200x200/filters:fill(white)/http://example.com/cshum/imagor/master/testdata/gopher.png`,
      id: 'cshum:imagor:master:testdata:gopher.png',
      words: 'b_ffffff,c_lpad,h_200,w_200',
      size: [200, 200],
    },
    {
      url: `/unsafe/200x200/smart/filters:fill(white):format(jpeg):quality(80)/${image}`,
      id,
      words: 'b_ffffff,c_fill,f_jpg,g_auto,h_200,q_80,w_200',
      size: [200, 200],
      alike: true,
    },
    {
      url: '/unsafe/filters:round_corner(20,255,255,255)/https%3A%2F%2Fexample.com%2Fthumbor%2Fexample.jpg',
      id: 'thumbor:example.jpg',
      words: 'b_ffffff,r_20',
      size: [800, 600],
    },
    {
      url: '/unsafe/filters:blur(7):grayscale():rotate(90)/photo.jpg',
      id: 'photo.jpg',
      words: 'e_blur:325,e_grayscale/a_270',
      size: [600, 800],
    },
    {
      url: '/unsafe/200x0/filters:max_bytes(40000):format(webp)/photo.jpg',
      id: 'photo.jpg',
      words: 'c_scale,f_webp,mb_40k,w_200',
      size: [200, 150],
      type: 'webp',
    },
    {
      url: '/unsafe/50x/b64:aHR0cHM6Ly9leGFtcGxlLmNvbS9waG90by5qcGc',
      id: 'photo.jpg',
      words: 'c_scale,w_50',
      size: [50, 38],
    },
  ],
  refused: [
    ['/unsafe/meta/-300x-200/left/top/smart/image.jpg', 'meta'],
    ['/unsafe/adaptive-fit-in/300x200/image.jpg', 'adaptive-fit-in'],
    ['/unsafe/fit-in/-180x180/10x10/filters:hue(290)/image.jpg', '10x10'],
    ['/unsafe/filters:watermark(b.png,repeat,bottom,10)/image.jpg', 'watermark'],
    ['/unsafe/filters:noise(40)/image.jpg', 'noise(40)'],
    ['/unsafe/300x200/filters:focal(1x1:2x2)/image.jpg', 'focal'],
    ['/unsafe/99999x10/image.jpg', '99999x10'],
    ['/unsafe/filters:constructor()/image.jpg', 'constructor()'],
    ['/unsafe/filters:quality(80/image.jpg', 'filters such as'],
    ['/unsafe/300x200', 'the path of a picture'],
    ['/unsafe/trim:bottom-right/image.jpg', 'bottom-right'],
  ],
  vectors: {
    key: 'my-security-key',
    signed: [`/8ammJH8D-7tXy6kU3lTvoXlhu4o=/300x200/${image}`],
    wrong: [
      `/8ammJH8D-7tXy6kU3lTvoXlhu4p=/300x200/${image}`,
      `/8ammJH8D-7tXy6kU3lTvoXlhu4o=/301x200/${image}`,
      `/unsafe/300x200/${image}`,
      `/x/300x200/${image}`,
    ],
  },
};
