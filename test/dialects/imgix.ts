import { derived, on, type Proof, refusedOn } from './proof.ts';

const blueprint = 'https://github.com/imgix/imgix-blueprint#readme';
const library = 'https://github.com/imgix/js-core#readme';
const fit = 'https://docs.imgix.com/apis/url/size/fit';
const ar = 'https://docs.imgix.com/apis/url/size/ar';
const crop = 'https://docs.imgix.com/apis/rendering/size/crop-mode';
const auto = 'https://docs.imgix.com/apis/url/auto';
const fill = 'https://docs.imgix.com/apis/url/fill/fill-color';
const orient = 'https://docs.imgix.com/apis/url/rotation/orient';

const id = 'users:1.png';
const user = '/users/1.png';
const [bridge, flat] = ['bridge.jpg', [300, 200] as const];
const [pano, long] = ['pano.jpg', [900, 270] as const];

export const imgix: Proof = {
  name: 'imgix',
  examples: [
    ...on(blueprint, [
      { url: user, id, words: '', size: [800, 600] },
      { url: `${user}?w=400&h=300`, id, words: 'c_fit,h_300,w_400', size: [400, 300] },
      {
        url: '/http%3A%2F%2Favatars.com%2Fjohn-smith.png',
        id: 'http://avatars.com/john-smith.png',
        words: '',
        size: [800, 600],
      },
    ]),
    ...on(library, [
      { url: '/image.jpg?w=100', id: 'image.jpg', words: 'c_fit,w_100', size: [100, 75] },
      { url: '/image.jpg?w=100&dpr=2&q=50', id: 'image.jpg', words: 'c_fit,dpr_2,q_50,w_100', size: [200, 150] },
      {
        url: '/image.jpg?h=800&ar=3%3A2&fit=crop&dpr=1',
        id: 'image.jpg',
        words: 'ar_3:2,h_800',
        size: [1200, 800],
      },
    ]),
    ...on(fit, [
      {
        url: '/bridge.jpg?fit=clip&w=100&h=100',
        id: bridge,
        words: 'c_fit,h_100,w_100',
        size: [100, 67],
        source: flat,
      },
      {
        url: '/bridge.jpg?fit=crop&w=300&h=100',
        id: bridge,
        words: 'c_fill,h_100,w_300',
        size: [300, 100],
        source: flat,
      },
      {
        url: '/bridge.jpg?fit=crop&w=200&h=200',
        id: bridge,
        words: 'c_fill,h_200,w_200',
        size: [200, 200],
        source: flat,
      },
    ]),
    ...on(ar, [
      { url: '/pano.jpg?ar=9:1&fit=crop', id: pano, words: 'ar_9:1', size: [900, 100], source: long },
      { url: '/pano.jpg?w=900&h=100&fit=crop', id: pano, words: 'c_fill,h_100,w_900', size: [900, 100], source: long },
      { url: '/pano.jpg?ar=0.85:1&fit=crop', id: pano, words: 'ar_0.85', size: [230, 270], source: long },
      { url: '/pano.jpg?w=280&ar=2:1&fit=crop', id: pano, words: 'ar_2:1,w_280', size: [280, 140], source: long },
    ]),
    ...on(crop, [
      {
        url: `${user}?fit=crop&w=9&h=9&crop=top,left`,
        id,
        words: 'c_fill,g_north_west,h_9,w_9',
        size: [9, 9],
      },
      {
        url: `${user}?fit=crop&w=9&h=9&crop=faces,top,right`,
        id,
        words: 'c_fill,g_auto,h_9,w_9',
        size: [9, 9],
        alike: true,
      },
      {
        url: `${user}?fit=crop&w=9&h=9&crop=focalpoint&fp-x=.825&fp-y=.35&fp-z=2`,
        id,
        words: 'c_fill,g_xy_center,h_9,w_9,x_0.825,y_0.35,z_2',
        size: [9, 9],
      },
      { url: `${user}?fit=crop&w=9&h=9&crop=entropy`, id, words: 'c_fill,g_auto:entropy,h_9,w_9', size: [9, 9] },
      {
        url: '/woman.jpg?w=320&h=320&fit=crop&q=90',
        id: 'woman.jpg',
        words: 'c_fill,h_320,q_90,w_320',
        size: [320, 320],
      },
    ]),
    ...on(auto, [
      { url: `${user}?auto=compress`, id, words: 'q_45', size: [800, 600], alike: true },
      { url: `${user}?auto=compress,format`, id, words: 'f_auto,q_45', size: [800, 600], alike: true },
    ]),
    ...on(fill, [
      {
        url: `${user}?fit=fill&w=9&h=9&fill=solid&fill-color=0FFF`,
        id,
        words: 'b_ffffff00,c_pad,h_9,w_9',
        size: [9, 9],
      },
    ]),
    ...on(orient, [
      { url: `${user}?orient=6`, id, words: 'a_ignore.90', size: [600, 800] },
      { url: `${user}?orient=90&w=300`, id, words: 'a_ignore.90,c_fit,w_300', size: [300, 400] },
    ]),
    ...on(derived, [
      { url: `${user}?fit=max&w=1000&h=1000`, id, words: 'h_1000,w_1000', size: [800, 600] },
      { url: `${user}?fit=min&w=1000&h=1000`, id, words: 'c_lfill,h_1000,w_1000', size: [600, 600] },
      { url: `${user}?fit=scale&w=100&h=100`, id, words: 'c_scale,h_100,w_100', size: [100, 100] },
      { url: `${user}?fit=fill&w=300&ar=3:1`, id, words: 'ar_3:1,c_pad,w_300', size: [300, 100] },
      { url: `${user}?fit=fill&w=9&h=9&fill-color=80FF8800`, id, words: 'b_ff880080,c_pad,h_9,w_9', size: [9, 9] },
      { url: `${user}?fit=fill&w=300&h=300&fill=blur`, id, words: 'b_blurred,c_pad,h_300,w_300', size: [300, 300] },
      { url: `${user}?w=0.5`, id, words: 'c_fit,w_0.5', size: [400, 300] },
      // The aliases of imgix-url-params, which says no URLs.
      { url: `${user}?width=300&height=300&f=crop`, id, words: 'c_fill,h_300,w_300', size: [300, 300] },
      { url: `${user}?or=90&inv=true`, id, words: 'a_ignore.90,e_negate', size: [600, 800] },
      { url: `${user}?w=1600`, id, words: 'c_fit,w_1600', size: [1600, 1200] },
      {
        url: `${user}?rect=10,20,300,200&w=150`,
        id,
        words: 'c_crop,h_200,w_300,x_10,y_20/c_fit,w_150',
        size: [150, 100],
      },
      { url: `${user}?rect=right,20,300,0.5`, id, words: 'c_crop,g_north_east,h_0.5,w_300,y_20', size: [300, 300] },
      { url: `${user}?rect=center,middle,full,100`, id, words: 'c_crop,g_center,h_100,w_1.0', size: [800, 100] },
      { url: `${user}?auto=compress&q=80&auto=format`, id, words: 'f_auto,q_80', size: [800, 600], alike: true },
      { url: `${user}?fm=webp&q=50&ixlib=js-3.8.0`, id, words: 'f_webp,q_50', size: [800, 600], type: 'webp' },
      { url: `${user}?fm=pjpg`, id, words: 'f_jpg,fl_progressive', size: [800, 600], type: 'jpeg' },
      { url: `${user}?rot=180`, id, words: 'a_180', size: [800, 600] },
      {
        url: `${user}?flip=h&sat=-100&bri=20&con=-10&px=8`,
        id,
        words: 'e_brightness:20,e_contrast:-10,e_pixelate:8,e_saturation:-100/a_hflip',
        size: [800, 600],
        alike: true,
      },
      { url: `${user}?corner-radius=10,20,30,40&mask=corners`, id, words: 'r_10:20:30:40', size: [800, 600] },
      { url: `${user}?corner-radius=10`, id, words: '', size: [800, 600], alike: true },
    ]),
  ],
  refused: [
    ...refusedOn(blueprint, [
      [`${user}?txt=Hello,+World!`, 'txt=Hello'],
      [`${user}?txt64=SGVsbG8sIFdvcmxkIQ`, 'txt64=SGVsbG8sIFdvcmxkIQ'],
      ['/base.png?mark64=aHR0cHM6Ly9hc3NldHMuaW1naXgubmV0L2xvZ28ucG5n', 'mark64'],
    ]),
    ...refusedOn('https://docs.imgix.com/setup/serving-images', [['/products/desk.jpg?w=600&exp=1', 'exp=1']]),
    ...refusedOn(fit, [
      [`${user}?fit=facearea&w=300&h=200`, 'fit=facearea'],
      [`${user}?fit=facearea&faceindex=2&facepad=1.5&w=300&h=300`, 'faceindex=2'],
      [`${user}?fit=clamp&w=300&h=200`, 'fit=clamp'],
    ]),
    ...refusedOn(ar, [[`${user}?ar=9:3&fit=fill&fill=solid&fill-color=orange`, 'ar=9:3']]),
    ...refusedOn('https://docs.imgix.com/apis/url/size/max-h', [[`${user}?fit=crop&w=300&max-h=1200`, 'max-h=1200']]),
    ...refusedOn('https://docs.imgix.com/apis/url/size/min-h', [[`${user}?fit=crop&w=300&min-h=50`, 'min-h=50']]),
    ...refusedOn('https://docs.imgix.com/apis/url/fill/fill', [
      [
        '/example-images/generative-fill/dog-snow-01.jpg?fit=fill&fill=gen&w=500&h=900&auto=compress,format&dpr=2',
        'fill=gen',
      ],
    ]),
    ...refusedOn(auto, [
      [`${user}?auto=compress,enhance`, 'auto=compress,enhance'],
      [`${user}?auto=compress&auto=enhance&auto=format`, 'auto=enhance'],
      [`${user}?auto=compress&cs=origin`, 'cs=origin'],
    ]),
    ...refusedOn(crop, [[`${user}?fit=crop&w=9&h=9&crop=car`, 'crop=car']]),
    ...refusedOn(derived, [
      [`${user}?rot=90`, 'rot=90'],
      [`${user}?orient=9`, 'orient=9'],
      [`${user}?mask=corners`, 'mask=corners'],
      [`${user}?w=abc`, 'w=abc'],
      [`${user}?fm=mp4`, 'fm=mp4'],
      [`${user}?fit=constructor&w=10&h=10`, 'fit=constructor'],
      [`${user}?q=101&w=99999`, 'w=99999'],
      [`${user}?rect=1,2,3,4,5`, 'rect=1,2,3,4,5'],
      ['/?w=100', 'the path of a picture'],
    ]),
  ],
  vectors: {
    signed: [
      ...[
        '/users/1.png?s=6797c24146142d5b40bde3141fd3600c',
        '/users/1.png?w=400&h=300&s=c7b86f666a832434dd38577e38cf86d1',
        '/users/1.png?h=300&w=400&s=1a4e48641614d1109c6a7af51be23d18',
        '/http%3A%2F%2Favatars.com%2Fjohn-smith.png?s=493a52f008c91416351f8b33d4883135',
        '/http%3A%2F%2Favatars.com%2Fjohn-smith.png?w=400&h=300&s=61ea1cc7add87653bb0695fe25f2b534',
        '/http%3A%2F%2Favatars.com%2Fjohn-smith.png?h=300&w=400&s=a201fe1a3caef4944dcb40f6ce99e746',
      ].map((url) => ({ url, key: 'FOO123bar', from: blueprint })),
      ...[
        '/image.jpg?w=100&s=e2e581a39c917bdee50b2f8689c30893',
        '/image.jpg?w=116&s=836e0bc15da2ad74af8130d93a0ebda6',
        '/image.jpg?h=800&ar=3%3A2&fit=crop&dpr=1&s=3d754a157458402fd3e26977107ade74',
        '/image.jpg?h=800&ar=3%3A2&fit=crop&dpr=2&s=a984ad1a81d24d9dd7d18195d5262c82',
      ].map((url) => ({ url, key: 'my-token', from: library })),
    ],
    wrong: [
      '/users/1.png?s=6797c24146142d5b40bde3141fd3600d',
      '/users/1.png?w=401&h=300&s=c7b86f666a832434dd38577e38cf86d1',
      '/users/1.png?w=400&h=300',
      '/users/1.png?s=',
    ],
  },
};
