import { on } from './proof.ts';

const docs = 'https://thumbor.readthedocs.io/en/latest';

/** What the pages call `<url>`. */
const url = 'https%3A%2F%2Fgithub.com%2Fthumbor%2Fthumbor%2Fraw%2Fmaster%2Fexample.jpg';
const photo = 'https://github.com/thumbor/thumbor/raw/master/example.jpg';
const dice = 'https://github.com/thumbor/thumbor/wiki/dice_transparent_background.png';

/** The page of every filter that has a counterpart. */
export const thumborFilters = [
  ...on(`${docs}/filling.html`, [
    ...[
      ['blue', 'b_0000ff'],
      ['f00', 'b_ff0000'],
      ['add8e6', 'b_add8e6'],
      ['auto', 'b_auto'],
      ['blur', 'b_blurred'],
    ].map(([colour, word]) => ({
      url: `/unsafe/fit-in/300x300/filters:fill(${colour})/${url}`,
      id: photo,
      words: `${word},c_lpad,h_300,w_300`,
      size: [300, 300] as const,
      alike: true as const,
    })),
    {
      url: `/unsafe/fit-in/300x225/filters:fill(blue,1)/${dice}`,
      id: dice,
      words: 'b_0000ff,c_lpad,h_225,w_300',
      size: [300, 225],
    },
    {
      url: `/unsafe/fit-in/300x225/filters:fill(f00,true)/${dice}`,
      id: dice,
      words: 'b_ff0000,c_lpad,h_225,w_300',
      size: [300, 225],
    },
  ]),
  ...on(`${docs}/background_color.html`, [
    {
      url: `/unsafe/fit-in/300x300/filters:background_color(blue)/${dice}`,
      id: dice,
      words: 'b_0000ff,h_300,w_300',
      size: [300, 225],
    },
  ]),
  ...on(`${docs}/blur.html`, [
    { url: `/unsafe/filters:blur(7)/${url}`, id: photo, words: 'e_blur:325', size: [800, 600] },
  ]),
  ...on(`${docs}/brightness.html`, [
    { url: `/unsafe/filters:brightness(40)/${url}`, id: photo, words: 'e_brightness:40', size: [800, 600] },
  ]),
  ...on(`${docs}/contrast.html`, [
    {
      url: `/unsafe/filters:contrast(-40)/${url}`,
      id: photo,
      words: 'e_contrast:-40',
      size: [800, 600],
      alike: true,
    },
  ]),
  ...on(`${docs}/saturation.html`, [
    {
      url: `/unsafe/filters:saturation(40)/${url}`,
      id: photo,
      words: 'e_saturation:40',
      size: [800, 600],
      alike: true,
    },
  ]),
  ...on(`${docs}/format.html`, [
    { url: `/unsafe/filters:format(webp)/${url}`, id: photo, words: 'f_webp', size: [800, 600], type: 'webp' },
  ]),
  ...on(`${docs}/quality.html`, [
    { url: `/unsafe/filters:quality(40)/${url}`, id: photo, words: 'q_40', size: [800, 600] },
  ]),
  ...on(`${docs}/max_bytes.html`, [
    { url: `/unsafe/filters:max_bytes(7500)/${url}`, id: photo, words: 'mb_7k', size: [800, 600], alike: true },
  ]),
  ...on(`${docs}/grayscale.html`, [
    { url: `/unsafe/filters:grayscale()/${url}`, id: photo, words: 'e_grayscale', size: [800, 600] },
  ]),
  ...on(`${docs}/rotate.html`, [
    { url: `/unsafe/filters:rotate(90)/${url}`, id: photo, words: 'a_270', size: [600, 800] },
  ]),
  ...on(`${docs}/round_corners.html`, [
    {
      url: `/unsafe/filters:round_corner(20,255,255,255)/${url}`,
      id: photo,
      words: 'b_ffffff,r_20',
      size: [800, 600],
    },
    {
      url: `/unsafe/filters:round_corner(30,0,0,0,1)/${url}`,
      id: photo,
      words: 'r_30',
      size: [800, 600],
      alike: true,
    },
  ]),
  ...on(`${docs}/sharpen.html`, [
    {
      url: `/unsafe/filters:sharpen(2,1.0,true)/${url}`,
      id: photo,
      words: 'e_sharpen',
      size: [800, 600],
      alike: true,
    },
  ]),
  ...on(`${docs}/stretch.html`, [
    { url: `/unsafe/200x100/filters:stretch()/${url}`, id: photo, words: 'c_scale,h_100,w_200', size: [200, 100] },
  ]),
  ...on(`${docs}/strip_icc.html`, [
    {
      url: '/unsafe/filters:strip_icc()/http://videoprocessing.ucsd.edu/~stanleychan/research/pix/Blurred_foreman_0005.png',
      id: 'http://videoprocessing.ucsd.edu/~stanleychan/research/pix/Blurred_foreman_0005.png',
      words: '',
      size: [800, 600],
    },
  ]),
  ...on(`${docs}/strip_exif.html`, [
    { url: `/unsafe/filters:strip_exif()/${url}`, id: photo, words: '', size: [800, 600] },
  ]),
  ...on(`${docs}/no_upscale.html`, [
    { url: `/unsafe/filters:no_upscale()/${url}`, id: photo, words: '', size: [800, 600] },
    {
      url: '/unsafe/600x400/filters:no_upscale()/small.jpg',
      id: 'small.jpg',
      words: 'c_lfill,h_400,w_600',
      size: [300, 200],
      source: [300, 200],
      alike: true,
    },
  ]),
  ...on(`${docs}/upscale.html`, [
    {
      url: '/unsafe/fit-in/600x500/filters:upscale()/small.jpg',
      id: 'small.jpg',
      words: 'c_fit,h_500,w_600',
      size: [600, 400],
      source: [300, 200],
    },
  ]),
  ...on(`${docs}/filters.html`, [
    {
      url: '/unsafe/fit-in/100x100/filters:blur(2):fill(red,1):upscale()/tiny.jpg',
      id: 'tiny.jpg',
      words: 'b_ff0000,c_lpad,e_blur:75,h_100,w_100',
      size: [100, 100],
      source: [60, 40],
      alike: true,
    },
  ]),
];
