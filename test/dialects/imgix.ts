import type { Proof } from './proof.ts';

const id = 'users:1.png';

export const imgix: Proof = {
  name: 'imgix',
  sources: [
    'https://docs.imgix.com/apis/rendering/size/resize-fit-mode',
    'https://docs.imgix.com/apis/rendering/size/source-rectangle-region',
    'https://github.com/imgix/imgix-blueprint#securing-urls',
  ],
  examples: [
    { url: '/users/1.png?w=400&h=300', id, words: 'c_fit,h_300,w_400', size: [400, 300] },
    { url: '/users/1.png', id, words: '', size: [800, 600] },
    { url: '/users/1.png?fit=clip&w=100&h=100', id, words: 'c_fit,h_100,w_100', size: [100, 75] },
    { url: '/users/1.png?fit=crop&w=300&h=100', id, words: 'c_fill,h_100,w_300', size: [300, 100] },
    {
      url: '/users/1.png?fit=crop&w=200&h=200&crop=top,left',
      id,
      words: 'c_fill,g_north_west,h_200,w_200',
      size: [200, 200],
    },
    {
      url: '/users/1.png?fit=crop&w=200&h=200&crop=faces',
      id,
      words: 'c_fill,g_auto,h_200,w_200',
      size: [200, 200],
      alike: true,
    },
    {
      url: '/users/1.png?fit=crop&w=200&h=200&crop=focalpoint&fp-x=0.2&fp-y=1&fp-z=2',
      id,
      words: 'c_fill,g_xy_center,h_200,w_200,x_0.2,y_1.0,z_2',
      size: [200, 200],
    },
    { url: '/users/1.png?fit=max&w=1000&h=1000', id, words: 'h_1000,w_1000', size: [800, 600] },
    { url: '/users/1.png?fit=min&w=1000&h=1000', id, words: 'c_lfill,h_1000,w_1000', size: [600, 600] },
    { url: '/users/1.png?fit=scale&w=100&h=100', id, words: 'c_scale,h_100,w_100', size: [100, 100] },
    {
      url: '/users/1.png?fit=fill&w=300&h=300&fill=solid&fill-color=FF8800',
      id,
      words: 'b_ff8800,c_pad,h_300,w_300',
      size: [300, 300],
    },
    { url: '/users/1.png?fit=fill&w=300&h=300&fill=blur', id, words: 'b_blurred,c_pad,h_300,w_300', size: [300, 300] },
    { url: '/users/1.png?w=0.5', id, words: 'c_fit,w_0.5', size: [400, 300] },
    { url: '/users/1.png?w=1600', id, words: 'c_fit,w_1600', size: [1600, 1200] },
    { url: '/users/1.png?ar=16:9&fit=crop&w=320', id, words: 'ar_16:9,w_320', size: [320, 180] },
    {
      url: '/users/1.png?rect=10,20,300,200&w=150',
      id,
      words: 'c_crop,h_200,w_300,x_10,y_20/c_fit,w_150',
      size: [150, 100],
    },
    { url: '/users/1.png?auto=format&w=100&dpr=2', id, words: 'c_fit,dpr_2,f_auto,w_100', size: [200, 150] },
    { url: '/users/1.png?fm=webp&q=50&ixlib=js-3.8.0', id, words: 'f_webp,q_50', size: [800, 600], type: 'webp' },
    { url: '/users/1.png?fm=pjpg', id, words: 'f_jpg,fl_progressive', size: [800, 600], type: 'jpeg' },
    { url: '/users/1.png?rot=90', id, words: 'a_270', size: [600, 800], alike: true },
    {
      url: '/users/1.png?flip=h&sat=-100&bri=20&con=-10&px=8',
      id,
      words: 'e_brightness:20,e_contrast:-10,e_pixelate:8,e_saturation:-100/a_hflip',
      size: [800, 600],
    },
    { url: '/users/1.png?corner-radius=10,20,30,40&mask=corners', id, words: 'r_10:20:30:40', size: [800, 600] },
    {
      url: '/http%3A%2F%2Fexample.com%2Fjohn-smith.png?w=400',
      id: 'john-smith.png',
      words: 'c_fit,w_400',
      size: [400, 300],
    },
  ],
  refused: [
    ['/users/1.png?txt=Hello', 'txt=Hello'],
    ['/users/1.png?mark64=aGVsbG8', 'mark64'],
    ['/users/1.png?w=100&h=100&fit=facearea', 'fit=facearea'],
    ['/users/1.png?auto=enhance', 'auto=enhance'],
    ['/users/1.png?w=abc', 'w=abc'],
    ['/users/1.png?fm=mp4', 'fm=mp4'],
    ['/users/1.png?fit=constructor&w=10&h=10', 'fit=constructor'],
    ['/users/1.png?q=101&w=99999', 'w=99999'],
    ['/users/1.png?rect=right,0,10,10', 'rect=right'],
    ['/?w=100', 'the path of a picture'],
  ],
  vectors: {
    key: 'FOO123bar',
    signed: [
      '/users/1.png?s=6797c24146142d5b40bde3141fd3600c',
      '/users/1.png?w=400&h=300&s=c7b86f666a832434dd38577e38cf86d1',
    ],
    wrong: [
      '/users/1.png?s=6797c24146142d5b40bde3141fd3600d',
      '/users/1.png?w=401&h=300&s=c7b86f666a832434dd38577e38cf86d1',
      '/users/1.png?w=400&h=300',
      '/users/1.png?s=',
    ],
  },
};
