import { derived, on, type Proof, refusedOn } from './proof.ts';
import { thumborFilters } from './thumbor-filters.ts';

const docs = 'https://thumbor.readthedocs.io/en/latest';
const imagor = 'https://github.com/cshum/imagor#readme';
const imagorTests = 'https://github.com/cshum/imagor/blob/master/imagorpath/params_test.go';

const image = 'my.server.com/some/path/to/image.jpg';
const id = 'my.server.com:some:path:to:image.jpg';

const gopher = 'https://raw.githubusercontent.com/cshum/imagor/master/testdata/gopher.png';
const raw = 'raw.githubusercontent.com/cshum/imagor/master/testdata';

/** What the pages call `<url>`: a photo of unknown size. */
const url = 'https%3A%2F%2Fgithub.com%2Fthumbor%2Fthumbor%2Fraw%2Fmaster%2Fexample.jpg';
const photo = 'https://github.com/thumbor/thumbor/raw/master/example.jpg';

export const thumbor: Proof = {
  name: 'thumbor',
  examples: [
    // Its own pictures are of 800 × 600 and 400 × 600.
    ...on(`${docs}/usage.html`, [
      { url: '/unsafe/fit-in/300x200/photo.jpg', id: 'photo.jpg', words: 'h_200,w_300', size: [267, 200] },
      {
        url: '/unsafe/fit-in/300x200/tall.jpg',
        id: 'tall.jpg',
        words: 'h_200,w_300',
        size: [133, 200],
        source: [400, 600],
      },
      { url: '/unsafe/full-fit-in/300x200/photo.jpg', id: 'photo.jpg', words: 'c_mfit,h_200,w_300', size: [300, 225] },
      {
        url: '/unsafe/full-fit-in/300x200/tall.jpg',
        id: 'tall.jpg',
        words: 'c_mfit,h_200,w_300',
        size: [300, 450],
        source: [400, 600],
      },
      { url: '/unsafe/400x0/photo.jpg', id: 'photo.jpg', words: 'c_scale,w_400', size: [400, 300] },
      { url: '/unsafe/300x/photo.jpg', id: 'photo.jpg', words: 'c_scale,w_300', size: [300, 225] },
      { url: '/unsafe/x200/photo.jpg', id: 'photo.jpg', words: 'c_scale,h_200', size: [267, 200] },
      { url: '/unsafe/0x0/photo.jpg', id: 'photo.jpg', words: '', size: [800, 600] },
      { url: '/unsafe/300xorig/photo.jpg', id: 'photo.jpg', words: 'c_fill,h_1.0,w_300', size: [300, 600] },
      { url: '/unsafe/origx300/photo.jpg', id: 'photo.jpg', words: 'c_fill,h_300,w_1.0', size: [800, 300] },
      { url: '/unsafe/origxorig/photo.jpg', id: 'photo.jpg', words: 'c_fill,h_1.0,w_1.0', size: [800, 600] },
      {
        url: '/unsafe/-300x-200/left/top/smart/image.jpg',
        id: 'image.jpg',
        words: 'c_fill,g_auto,h_200,w_300/a_180',
        size: [300, 200],
        alike: true,
      },
    ]),
    ...on(`${docs}/security.html`, [
      {
        url: '/unsafe/300x300/smart/path/to/image.jpg',
        id: 'path:to:image.jpg',
        words: 'c_fill,g_auto,h_300,w_300',
        size: [300, 300],
        alike: true,
      },
    ]),
    ...on(`${docs}/getting_started.html`, [
      { url: `/unsafe/300x200/${url}`, id: photo, words: 'c_fill,h_200,w_300', size: [300, 200] },
      { url: `/unsafe/300x0/${url}`, id: photo, words: 'c_scale,w_300', size: [300, 225] },
      { url: `/unsafe/-0x-0/${url}`, id: photo, words: 'a_180', size: [800, 600] },
      {
        url: `/unsafe/filters:brightness(10):contrast(30)/${url}`,
        id: photo,
        words: 'e_brightness:10,e_contrast:30',
        size: [800, 600],
        alike: true,
      },
    ]),
    ...thumborFilters,
    ...on(imagor, [
      {
        url: `/unsafe/fit-in/200x200/filters:fill(white)/${gopher}`,
        id: gopher,
        words: 'b_ffffff,c_lpad,h_200,w_200',
        size: [200, 200],
        alike: true,
      },
      {
        url: `/unsafe/200x200/smart/filters:fill(white):format(jpeg):quality(80)/${gopher}`,
        id: gopher,
        words: 'b_ffffff,c_fill,f_jpg,g_auto,h_200,q_80,w_200',
        size: [200, 200],
        alike: true,
      },
      {
        url: `/unsafe/30x40:100x150/filters:fill(cyan)/${raw}/dancing-banana.gif`,
        id: `${raw}/dancing-banana.gif`.replaceAll('/', ':'),
        words: 'c_crop,h_110,w_70,x_30,y_40/b_00ffff',
        size: [70, 110],
        alike: true,
      },
    ]),
    ...on(imagorTests, [
      {
        url: '/unsafe/https%3A%2F%2Ffoobar%2Fen%2Flatest%2F_images%2Fman_before_sharpen.png%3Ffoo%3Dbar',
        id: 'https://foobar/en/latest/_images/man_before_sharpen.png?foo=bar',
        words: '',
        size: [800, 600],
      },
      { url: '/unsafe/trim%2Fimg', id: 'trim:img', words: '', size: [800, 600] },
      { url: '/unsafe/fit-in%2Fimg', id: 'fit-in:img', words: '', size: [800, 600] },
      { url: '/unsafe/-167x-169/foobar', id: 'foobar', words: 'c_fill,h_169,w_167/a_180', size: [167, 169] },
    ]),
    ...on(derived, [
      { url: `/unsafe/300x200/right/bottom/${image}`, id, words: 'c_fill,g_south_east,h_200,w_300', size: [300, 200] },
      {
        url: `/unsafe/10x20:210x170/100x0/${image}`,
        id,
        words: 'c_crop,h_150,w_200,x_10,y_20/c_scale,w_100',
        size: [100, 75],
      },
      { url: `/unsafe/stretch/300x300/${image}`, id, words: 'c_scale,h_300,w_300', size: [300, 300] },
      { url: `/unsafe/filters:round_corner(20,20,red)/${image}`, id, words: 'b_ff0000,r_20', size: [800, 600] },
      {
        url: `/unsafe/fit-in/900x900/filters:upscale():fill(red,1)/${image}`,
        id,
        words: 'b_ff0000,c_pad,h_900,w_900',
        size: [900, 900],
      },
      {
        url: '/unsafe/50x/b64:aHR0cHM6Ly9leGFtcGxlLmNvbS9waG90by5qcGc',
        id: 'photo.jpg',
        words: 'c_scale,w_50',
        size: [50, 38],
      },
    ]),
  ],
  refused: [
    ...refusedOn(`${docs}/usage.html`, [['/unsafe/meta/-300x-200/left/top/smart/image.jpg', 'meta']]),
    ...refusedOn(`${docs}/focal.html`, [
      [`/unsafe/400x100/filters:focal(146x206:279x360)/${url}`, 'focal(146x206:279x360)'],
    ]),
    ...refusedOn(`${docs}/proportion.html`, [[`/unsafe/filters:proportion(0.5)/${url}`, 'proportion(0.5)']]),
    ...refusedOn(`${docs}/round_corners.html`, [
      [`/unsafe/filters:round_corner(20|40,0,0,0)/${url}`, 'round_corner(20|40,0,0,0)'],
    ]),
    ...refusedOn(imagor, [
      [`/unsafe/fit-in/-180x180/10x10/filters:hue(290):saturation(100):fill(yellow)/${raw}/gopher.png`, 'hue(290)'],
      [
        `/unsafe/fit-in/200x150/filters:fill(yellow):watermark(${raw}/gopher-front.png,repeat,bottom,0,40,40)/${raw}/dancing-banana.gif`,
        'watermark',
      ],
    ]),
    ...refusedOn(imagorTests, [
      ['/unsafe/fit-in/0x0/5x6:7x8/https://foobar/en/latest/_images/man_before_sharpen.png', '5x6:7x8'],
      ['/unsafe/trim:bottom-right:100/10x11:12x13/fit-in/-300x-200/left/top/smart/img', 'bottom-right'],
    ]),
    ...refusedOn(derived, [
      ['/unsafe/adaptive-fit-in/300x200/image.jpg', 'adaptive-fit-in'],
      ['/unsafe/filters:round_corner(20,40)/image.jpg', 'round_corner(20,40)'],
      ['/unsafe/fit-in/9x9/filters:fill(red,maybe)/image.jpg', 'fill(red,maybe)'],
      ['/unsafe/99999x10/image.jpg', '99999x10'],
      ['/unsafe/filters:constructor()/image.jpg', 'constructor()'],
      ['/unsafe/filters:quality(80/image.jpg', 'filters such as'],
      ['/unsafe/300x200', 'the path of a picture'],
    ]),
  ],
  vectors: {
    signed: [
      ...[
        `/8ammJH8D-7tXy6kU3lTvoXlhu4o=/300x200/${image}`,
        `/-2NHpejRK2CyPAm61FigfQgJBxw=/smart/${image}`,
        `/uvLnA6TJlF-Cc-L8z9pEtfasO3s=/fit-in/${image}`,
        `/ZZtPCw-BLYN1g42Kh8xTcRs0Qls=/filters:brightness(10):contrast(20)/${image}`,
      ].map((signed) => ({ url: signed, key: 'my-security-key', from: `${docs}/libraries.html` })),
      {
        url: `/Ps3ORJDqxlSQ8y00T29GdNAh2CY=/meta/${image}`,
        key: 'my-security-key',
        from: `${docs}/libraries.html`,
        answer: 400,
      },
      { url: `/cST4Ko5_FqwT3BDn-Wf4gO3RFSk=/500x500/top/${raw}/gopher.png`, key: 'mysecret', from: imagor },
      { url: `/IGEn3TxngivD0jy4uuiZim2bdUCvhcnVi1Nm0xGy/500x500/top/${raw}/gopher.png`, key: 'mysecret', from: imagor },
      ...['VTAq7YIRbEXgtwAcsTMhAjvBuT8=', 'XBCO7esuLsNQuSF2v9ie36pESRGx2rzLjhUxXWnV'].map((hash) => ({
        url: `/${hash}/meta/10x11:12x13/fit-in/-300x-200/5x6/left/top/smart/filters:some_filter()/img`,
        key: '1234',
        from: imagorTests,
        answer: 400 as const,
      })),
    ],
    wrong: [
      `/8ammJH8D-7tXy6kU3lTvoXlhu4p=/300x200/${image}`,
      `/8ammJH8D-7tXy6kU3lTvoXlhu4o=/301x200/${image}`,
      // Shorter than whole SHA-1s are, however right it is so far.
      `/IGEn3TxngivD0jy4uuiZim2bdUC/500x500/top/${raw}/gopher.png`,
      `/unsafe/300x200/${image}`,
      `/x/300x200/${image}`,
    ],
  },
};
