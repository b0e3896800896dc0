import { derived, on, type Proof, refusedOn } from './proof.ts';

const processing = 'https://docs.imgproxy.net/usage/processing';
const signing = 'https://docs.imgproxy.net/usage/signing_url';
const tests = 'https://github.com/imgproxy/imgproxy/blob/master/options/processing_options_test.go';

const photo = 'images:curiosity.jpg';
const plain = 'plain/http://example.com/images/curiosity.jpg';
const base64 = 'aHR0cDovL2V4YW1w/bGUuY29tL2ltYWdl/cy9jdXJpb3NpdHku/anBn';
const encrypted = 'enc/jwV3wUD9r4VBIzgv/ang3Hbh0vPpcm5cc/VO5rHxzonpvZjppG/2VhDnX2aariBYegH/jlhw_-dqjXDMm4af/ZDU6y5sBog';

/** Its tests speak of the path behind the signature. */
const ipsum = 'http://images.dev/lorem/ipsum.jpg';
const withQuery = `${ipsum}?param=value`;
const encoded = Buffer.from(withQuery).toString('base64url');
const whole = [800, 600] as const;

export const imgproxy: Proof = {
  name: 'imgproxy',
  examples: [
    // Signed there with a key that the page does not tell.
    ...on(processing, [
      ...[
        `/_/preset:sharp/resize:fill:300:400:0/gravity:sm/${plain}@png`,
        `/_/pr:sharp/rs:fill:300:400:0/g:sm/${plain}@png`,
        `/_/pr:sharp/rs:fill:300:400:0/g:sm/${base64}.png`,
      ].map((url) => ({
        url,
        id: photo,
        words: 'c_lfill,e_sharpen,f_png,g_auto,h_400,w_300',
        size: [300, 400] as const,
        type: 'png',
        alike: true as const,
      })),
      { url: `/_/${plain}`, id: photo, words: '', size: whole },
      { url: `/_/${plain}@png`, id: photo, words: 'f_png', size: whole, type: 'png' },
      { url: `/_/${base64}`, id: photo, words: '', size: whole },
      { url: `/_/${base64}.png`, id: photo, words: 'f_png', size: whole, type: 'png' },
    ]),
    ...on(signing, [
      {
        url: `/insecure/rs:fill:300:400:0/g:sm/${base64}.png`,
        id: photo,
        words: 'c_lfill,f_png,g_auto,h_400,w_300',
        size: [300, 400],
        type: 'png',
        alike: true,
      },
    ]),
    ...on(tests, [
      {
        url: `/_/size:100:100/${encoded}.png`,
        id: withQuery,
        words: 'f_png,h_100,w_100',
        size: [100, 75],
        type: 'png',
      },
      { url: `/_/size:100:100/${encoded}`, id: withQuery, words: 'h_100,w_100', size: [100, 75] },
      {
        url: `/_/size:100:100/plain/${ipsum}@png`,
        id: ipsum,
        words: 'f_png,h_100,w_100',
        size: [100, 75],
        type: 'png',
      },
      { url: `/_/size:100:100/plain/${ipsum}`, id: ipsum, words: 'h_100,w_100', size: [100, 75] },
      {
        url: '/_/size:100:100/plain/http:%2F%2Fimages.dev%2Florem%2Fipsum.jpg%3Fparam=value@png',
        id: withQuery,
        words: 'f_png,h_100,w_100',
        size: [100, 75],
        type: 'png',
      },
      { url: `/_/format:webp/plain/${ipsum}`, id: ipsum, words: 'f_webp', size: whole, type: 'webp' },
      { url: `/_/resize:fill:100:200:1/plain/${ipsum}`, id: ipsum, words: 'c_fill,h_200,w_100', size: [100, 200] },
      { url: `/_/resizing_type:fill/plain/${ipsum}`, id: ipsum, words: '', size: whole },
      { url: `/_/size:100:200:1/plain/${ipsum}`, id: ipsum, words: 'c_fit,h_200,w_100', size: [100, 75] },
      { url: `/_/width:100/plain/${ipsum}`, id: ipsum, words: 'w_100', size: [100, 75] },
      { url: `/_/height:100/plain/${ipsum}`, id: ipsum, words: 'h_100', size: [133, 100] },
      { url: `/_/enlarge:1/plain/${ipsum}`, id: ipsum, words: '', size: whole },
      { url: `/_/extend:1:so:10:20/plain/${ipsum}`, id: ipsum, words: '', size: whole },
      { url: `/_/gravity:soea/plain/${ipsum}`, id: ipsum, words: '', size: whole },
      { url: `/_/gravity:fp:0.5:0.75/plain/${ipsum}`, id: ipsum, words: '', size: whole },
      { url: `/_/crop:100:200/plain/${ipsum}`, id: ipsum, words: 'c_crop,g_center,h_200,w_100', size: [100, 200] },
      {
        url: `/_/crop:100:200:nowe:10:20/plain/${ipsum}`,
        id: ipsum,
        words: 'c_crop,h_200,w_100,x_10,y_20',
        size: [100, 200],
      },
      { url: `/_/quality:55/plain/${ipsum}`, id: ipsum, words: 'q_55', size: whole },
      { url: `/_/background:128:129:130/plain/${ipsum}`, id: ipsum, words: 'b_808182', size: whole },
      { url: `/_/background:ffddee/plain/${ipsum}`, id: ipsum, words: 'b_ffddee', size: whole },
      { url: `/_/background:fff/background:/plain/${ipsum}`, id: ipsum, words: '', size: whole },
      { url: `/_/blur:0.2/plain/${ipsum}`, id: ipsum, words: 'e_blur:1', size: whole, alike: true },
      { url: `/_/sharpen:0.2/plain/${ipsum}`, id: ipsum, words: 'e_sharpen', size: whole, alike: true },
      { url: `/_/dpr:2/plain/${ipsum}`, id: ipsum, words: 'dpr_2', size: whole },
      { url: `/_/preset:test1:test2/plain/${ipsum}`, id: ipsum, words: 'q_50,w_100', size: [100, 75] },
      { url: `/_/cachebuster:123/plain/${ipsum}`, id: ipsum, words: '', size: whole },
      { url: `/_/strip_metadata:true/plain/${ipsum}`, id: ipsum, words: '', size: whole },
      { url: `/_/exp:32503669200/plain/${ipsum}`, id: ipsum, words: '', size: whole },
    ]),
    ...on(derived, [
      { url: `/_/pr:test1/pr:test2/${plain}`, id: photo, words: 'q_50,w_100', size: [100, 75] },
      { url: `/_/resize:fit:300:0/${plain}`, id: photo, words: 'w_300', size: [300, 225] },
      { url: `/_/rs:fit:1600:1600:1/${plain}`, id: photo, words: 'c_fit,h_1600,w_1600', size: [1600, 1200] },
      { url: `/_/rs:fit:1600:1600/${plain}`, id: photo, words: 'h_1600,w_1600', size: whole },
      { url: `/_/rs:force:200:200:1/${plain}`, id: photo, words: 'c_scale,h_200,w_200', size: [200, 200] },
      { url: `/_/rs:force:200:0/${plain}`, id: photo, words: 'c_scale,h_1.0,w_200', size: [200, 600], alike: true },
      { url: `/_/w:500/rs:fit:0:300/bl:5/bl:0/${plain}`, id: photo, words: 'h_300', size: [400, 300] },
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
        url: `/_/s:400:400:0:1:so:10:20/bg:ff8800/${plain}`,
        id: photo,
        words: 'b_ff8800,c_lpad,g_south,h_400,w_400,x_10,y_20',
        size: [400, 400],
      },
      { url: `/_/c:200:100:nowe/w:100/${plain}`, id: photo, words: 'c_crop,h_100,w_200/w_100', size: [100, 50] },
      { url: `/_/crop:0.5:0/${plain}`, id: photo, words: 'c_crop,g_center,h_1.0,w_0.5', size: [400, 600] },
      { url: `/_/rot:90/w:300/${plain}`, id: photo, words: 'a_90,w_300', size: [300, 400] },
      { url: `/_/bl:2/pix:8/${plain}`, id: photo, words: 'e_blur:75,e_pixelate:8', size: whole },
      { url: '/_/scp:1/w:80/plain/local:///images/curiosity.jpg', id: photo, words: 'w_80', size: [80, 60] },
      { url: `/_/w:80/att:1/${plain}`, id: photo, words: 'fl_attachment,w_80', size: [80, 60] },
      { url: `/_/mb:20000/${plain}@webp`, id: photo, words: 'f_webp,mb_20k', size: whole, type: 'webp' },
      {
        url: '/_/w:80/plain/http:%2F%2Fexample.com%2Fimages%2Fmy%20photo.jpg',
        id: 'path~aW1hZ2VzL215IHBob3RvLmpwZw',
        words: 'w_80',
        size: [80, 60],
      },
    ]),
  ],
  refused: [
    ...refusedOn(processing, [
      [`/_/${encrypted}`, 'enc'],
      [`/_/${encrypted}.png`, 'enc'],
      [`/_/g:objw:all:2:face:3/rs:fill:9:9/${plain}`, 'g:objw:all:2:face:3'],
      [`/_/padding:10/${plain}`, 'padding:10'],
    ]),
    ...refusedOn(tests, [
      [`/_/extend:1:sm/plain/${ipsum}`, 'extend:1:sm'],
      [`/_/extend:1:re/plain/${ipsum}`, 'extend:1:re'],
      [`/_/gravity:re/plain/${ipsum}`, 'gravity:re'],
      [`/_/crop:100:200:re/plain/${ipsum}`, 'crop:100:200:re'],
      [`/_/watermark:0.5:soea:10:20:0.6/plain/${ipsum}`, 'watermark:0.5:soea:10:20:0.6'],
      [`/_/skp:jpg:png/plain/${ipsum}`, 'skp:jpg:png'],
      [`/_/test1:test2/plain/${ipsum}@png`, 'test1:test2'],
      [`/_/size,100,100,1/plain/${ipsum}`, 'size,100,100,1'],
    ]),
    ...refusedOn(derived, [
      [`/_/rs:auto:300:400/${plain}`, ':auto'],
      [`/_/rs:force:300:0/dpr:2/${plain}`, 'dpr'],
      [`/_/w:99999/${plain}`, '99999'],
      [`/_/sm:0/${plain}`, 'sm:0'],
      [`/_/pr:Unheard/${plain}`, 'Unheard'],
      [`/_/w:300/${plain}@svg`, '@svg'],
      ['/_/w:300/plain/abs://container/cat.jpg', 'no store of that kind'],
      ['/_/w:300', 'the path or URL of a picture'],
      [`/_/hasOwnProperty:1/${plain}`, 'hasOwnProperty'],
    ]),
  ],
  vectors: {
    // "secret" and "hello" in hex, as the page has them.
    signed: [
      {
        url: `/oKfUtW34Dvo2BGQehJFR4Nr0_rIjOtdtzJ3QFsUcXH8/rs:fill:300:400:0/g:sm/${base64}.png`,
        key: '736563726574:68656C6C6F',
        from: signing,
      },
    ],
    wrong: [
      `/oKfUtW34Dvo2BGQehJFR4Nr0_rIjOtdtzJ3QFsUcXH9/rs:fill:300:400:0/g:sm/${base64}.png`,
      `/oKfUtW34Dvo2BGQehJFR4Nr0_rIjOtdtzJ3QFsUcXH8/rs:fill:301:400:0/g:sm/${base64}.png`,
      // Documented, with a key that is not.
      `/AfrOrF3gWeDA6VOlDG4TzxMv39O7MXnF4CXpKUwGqRM/pr:sharp/rs:fill:300:400:0/g:sm/${plain}@png`,
      `/unsafe/w:300/${plain}`,
    ],
  },
};
