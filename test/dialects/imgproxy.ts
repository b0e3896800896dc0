import type { Proof } from './proof.ts';

const photo = 'images:curiosity.jpg';
const plain = 'plain/http://example.com/images/curiosity.jpg';

export const imgproxy: Proof = {
  name: 'imgproxy',
  sources: ['https://docs.imgproxy.net/usage/processing', 'https://docs.imgproxy.net/signing_the_url'],
  examples: [
    {
      url: `/unsafe/rs:fill:300:400:0/g:sm/${plain}@png`,
      id: photo,
      words: 'c_lfill,f_png,g_auto,h_400,w_300',
      size: [300, 400],
      type: 'png',
      alike: true,
    },
    {
      url: '/_/rs:fill:300:400:0/g:sm/aHR0cDovL2V4YW1w/bGUuY29tL2ltYWdl/cy9jdXJpb3NpdHku/anBn.png',
      id: photo,
      words: 'c_lfill,f_png,g_auto,h_400,w_300',
      size: [300, 400],
      type: 'png',
      alike: true,
    },
    { url: `/_/rs:fit:300:400/${plain}`, id: photo, words: 'h_400,w_300', size: [300, 225] },
    { url: `/_/resize:fit:300:0/${plain}`, id: photo, words: 'w_300', size: [300, 225] },
    { url: `/_/rs:fit:1600:1600:1/${plain}`, id: photo, words: 'c_fit,h_1600,w_1600', size: [1600, 1200] },
    { url: `/_/rs:fit:1600:1600/${plain}`, id: photo, words: 'h_1600,w_1600', size: [800, 600] },
    { url: `/_/rs:force:200:200/${plain}`, id: photo, words: 'c_scale,h_200,w_200', size: [200, 200] },
    { url: `/_/rs:fill-down:2000:2000/${plain}`, id: photo, words: 'c_lfill,h_2000,w_2000', size: [600, 600] },
    {
      url: `/_/rs:fill:200:200:1/g:nowe/${plain}`,
      id: photo,
      words: 'c_fill,g_north_west,h_200,w_200',
      size: [200, 200],
    },
    {
      url: `/_/size:1000:200:1/resizing_type:fill/gravity:fp:0.25:1/${plain}`,
      id: photo,
      words: 'c_fill,g_xy_center,h_200,w_1000,x_0.25,y_1.0',
      size: [1000, 200],
    },
    {
      url: `/_/s:400:400:0:1/bg:ff8800/${plain}`,
      id: photo,
      words: 'b_ff8800,c_lpad,h_400,w_400',
      size: [400, 400],
    },
    {
      url: `/_/w:200/dpr:2/q:75/${plain}@webp`,
      id: photo,
      words: 'dpr_2,f_webp,q_75,w_200',
      size: [400, 300],
      type: 'webp',
    },
    { url: `/_/c:200:100:nowe/w:100/${plain}`, id: photo, words: 'c_crop,h_100,w_200/w_100', size: [100, 50] },
    { url: `/_/crop:0.5:0/${plain}`, id: photo, words: 'c_crop,g_center,h_1.0,w_0.5', size: [400, 600] },
    { url: `/_/rot:90/w:300/${plain}`, id: photo, words: 'a_90,w_300', size: [300, 400] },
    { url: `/_/bg:255:0:0/bl:2/pix:8/${plain}`, id: photo, words: 'b_ff0000,e_blur:75,e_pixelate:8', size: [800, 600] },
    { url: `/_/pr:thumb/${plain}`, id: photo, words: 'c_limit', size: [150, 113], type: 'webp' },
    { url: `/_/cb:1/sm:1/scp:1/w:80/plain/local:///images/curiosity.jpg`, id: photo, words: 'w_80', size: [80, 60] },
    { url: `/_/w:80/exp:4000000000/att:1/${plain}`, id: photo, words: 'fl_attachment,w_80', size: [80, 60] },
    { url: `/_/mb:20000/${plain}@webp`, id: photo, words: 'f_webp,mb_20k', size: [800, 600], type: 'webp' },
    {
      url: '/_/w:80/plain/http:%2F%2Fexample.com%2Fimages%2Fmy%20photo.jpg',
      id: 'path~aW1hZ2VzL215IHBob3RvLmpwZw',
      words: 'w_80',
      size: [80, 60],
    },
  ],
  refused: [
    [`/_/rs:auto:300:400/${plain}`, ':auto'],
    [`/_/wm:0.5/${plain}`, 'wm:0.5'],
    [`/_/padding:10/${plain}`, 'padding:10'],
    [`/_/w:99999/${plain}`, 'w:99999'],
    [`/_/sm:0/${plain}`, 'sm:0'],
    [`/_/g:obj:face/rs:fill:10:10/${plain}`, 'g:obj:face'],
    [`/_/w:300/${plain}@svg`, '@svg'],
    [`/_/w:300/enc/abc`, 'enc'],
    [`/_/w:300/plain/abs://container/cat.jpg`, 'no store of that kind'],
    ['/_/w:300', 'the path or URL of a picture'],
    [`/_/hasOwnProperty:1/${plain}`, 'hasOwnProperty'],
  ],
  vectors: {
    // "secret" and "hello", as the page on signing has them.
    key: '736563726574:68656C6C6F',
    signed: [
      '/oKfUtW34Dvo2BGQehJFR4Nr0_rIjOtdtzJ3QFsUcXH8/rs:fill:300:400:0/g:sm/aHR0cDovL2V4YW1w/bGUuY29tL2ltYWdl/cy9jdXJpb3NpdHku/anBn.png',
    ],
    wrong: [
      '/oKfUtW34Dvo2BGQehJFR4Nr0_rIjOtdtzJ3QFsUcXH9/rs:fill:300:400:0/g:sm/aHR0cDovL2V4YW1w/bGUuY29tL2ltYWdl/cy9jdXJpb3NpdHku/anBn.png',
      '/oKfUtW34Dvo2BGQehJFR4Nr0_rIjOtdtzJ3QFsUcXH8/rs:fill:301:400:0/g:sm/aHR0cDovL2V4YW1w/bGUuY29tL2ltYWdl/cy9jdXJpb3NpdHku/anBn.png',
      `/unsafe/w:300/${plain}`,
    ],
  },
};
