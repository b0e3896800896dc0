import { cloudinaryReference } from './cloudinary-reference.ts';
import { cloudinaryRefused } from './cloudinary-refused.ts';
import { derived, on, type Proof } from './proof.ts';

const signatures = 'https://cloudinary.com/documentation/delivery_url_signatures';
const gem = 'https://github.com/cloudinary/cloudinary_gem#readme';
const tests = 'https://github.com/cloudinary/cloudinary_npm/blob/master/test/unit';

const [at, sdk] = ['/demo/image/upload', '/test123/image/upload'];
const whole = [800, 600] as const;

export const cloudinary: Proof = {
  name: 'cloudinary',
  examples: [
    ...on(gem, [
      { url: `${at}/sample.jpg`, id: 'sample', words: 'f_jpg', size: whole, type: 'jpeg' },
      { url: `${at}/w_0.4/sample.jpg`, id: 'sample', words: 'c_scale,f_jpg,w_0.4', size: [320, 240] },
      { url: `${at}/w_150,h_100,c_fill/sample.jpg`, id: 'sample', words: 'c_fill,f_jpg,h_100,w_150', size: [150, 100] },
      {
        url: `${at}/w_150,h_100,c_fill,r_20/sample.png`,
        id: 'sample',
        words: 'c_fill,f_png,h_100,r_20,w_150',
        size: [150, 100],
        type: 'png',
      },
    ]),
    ...cloudinaryReference,
    ...on(`${tests}/cloudinary_spec.js`, [
      { url: `${sdk}/test`, id: 'test', words: '', size: whole },
      { url: '/image/upload/test', id: 'test', words: '', size: whole },
      { url: `${sdk}/h_100,w_100/test`, id: 'test', words: 'c_scale,h_100,w_100', size: [100, 100] },
      { url: `${sdk}/c_crop,h_100,w_100/test`, id: 'test', words: 'c_crop,g_center,h_100,w_100', size: [100, 100] },
      { url: `${sdk}/t_blip/test`, id: 'test', words: 'w_100', size: [100, 75] },
      { url: `${sdk}/t_blip.blop/test`, id: 'test', words: 'q_50,w_100', size: [100, 75] },
      { url: `${sdk}/b_rgb:112233/test`, id: 'test', words: 'b_112233', size: whole },
      {
        url: '/test123/image/fetch/f_jpg/http://cloudinary.com/images/logo.png',
        id: 'http://cloudinary.com/images/logo.png',
        words: 'f_jpg',
        size: whole,
        type: 'jpeg',
      },
      {
        url: '/test123/image/fetch/http://blah.com/hello%3Fa%3Db',
        id: 'http://blah.com/hello?a=b',
        words: '',
        size: whole,
      },
    ]),
    ...on(derived, [
      {
        url: `${at}/c_fill,g_auto,h_300,w_400/f_auto/q_auto/v1571218039/sample.jpg`,
        id: 'sample',
        words: 'c_fill,f_auto,g_auto,h_300,q_auto,w_400',
        size: [400, 300],
        alike: true,
      },
      { url: `${at}/e_sepia,e_grayscale/sample`, id: 'sample', words: 'e_grayscale', size: whole, alike: true },
      {
        url: `${at}/c_limit,w_200,dpr_2.0/a_90/e_sepia/sample.jpg`,
        id: 'sample',
        words: 'dpr_2,w_200/a_90/e_sepia,f_jpg',
        size: [300, 400],
      },
      {
        url: `${at}/l_logo/c_scale,w_100/fl_layer_apply,g_north_west,x_10,y_10/sample.jpg`,
        id: 'sample',
        words: 'l_logo/c_scale,w_100/f_jpg,fl_layer_apply,g_north_west,x_10,y_10',
        size: whole,
      },
      {
        url: `${at}/co_yellow,l_text:DejaVu%20Sans_40_bold:Hello%252C%20World/fl_layer_apply,g_south/sample.jpg`,
        id: 'sample',
        words: 'co_ffff00,l_text:DejaVu%20Sans_40_bold:b64:SGVsbG8sIFdvcmxk/f_jpg,fl_layer_apply,g_south',
        size: whole,
      },
      { url: '/image/upload/w_100/sample?_a=BAMAMi', id: 'sample', words: 'c_scale,w_100', size: [100, 75] },
    ]),
  ],
  refused: cloudinaryRefused,
  vectors: {
    signed: [
      ...[
        '/test123/image/upload/s--Ai4Znfl3--/c_crop,h_20,w_10/v1234/image.jpg',
        '/test123/image/upload/s----SjmNDA--/v1234/image.jpg',
        '/test123/image/upload/s--Ai4Znfl3--/c_crop,h_20,w_10/image.jpg',
        '/test123/image/authenticated/s--Ai4Znfl3--/c_crop,h_20,w_10/image.jpg',
        '/test123/image/fetch/s--hH_YcbiS--/v1234/http://google.com/path/to/image.png',
      ].map((url) => ({ url, key: 'b', from: `${tests}/url/sign_url_spec.js` })),
      ...[
        '/test123/image/upload/s--2hbrSMPOjj5BJ4xV7SgFbRDevFaQNUFf--/sample.jpg',
        '/test123/image/upload/s--v2fTPYTu--/sample.jpg',
      ].map((url) => ({
        url,
        key: 'b',
        from: 'https://github.com/cloudinary/cloudinary_npm (test: long_url_signature)',
      })),
      {
        url: '/demo/image/authenticated/s--iDy_JeBq--/c_fill,w_300,h_250/e_grayscale/sample-authenticated.png',
        key: 'abcd',
        from: signatures,
      },
    ],
    wrong: [
      '/test123/image/upload/s--Ai4Znfl4--/c_crop,h_20,w_10/v1234/image.jpg',
      '/test123/image/upload/s--Ai4Znfl3--/c_crop,h_20,w_11/v1234/image.jpg',
      '/test123/image/upload/c_crop,h_20,w_10/image.jpg',
      '/test123/image/upload/s--short--/sample.jpg',
      '/test123/image/fetch/s--hH_YcbiT--/v1234/http://google.com/path/to/image.png',
    ],
  },
};
