import { derived, on, type Proof, refusedOn } from './proof.ts';

const readme = 'https://github.com/unjs/ipx/blob/v3.1.1/README.md';

const id = 'buffalo.png';
const image = 'static/buffalo.png';
const deep = 'static:buffalo.png';
const whole = [800, 600] as const;

export const ipx: Proof = {
  name: 'ipx',
  examples: [
    ...on(readme, [
      { url: `/_/${image}`, id: deep, words: '', size: whole },
      { url: `/f_webp/${image}`, id: deep, words: 'f_webp,q_80', size: whole, type: 'webp' },
      { url: `/f_auto/${image}`, id: deep, words: 'f_auto', size: whole },
      { url: `/w_200/${image}`, id: deep, words: 'w_200', size: [200, 150] },
      {
        url: `/embed,f_webp,s_200x200/${image}`,
        id: deep,
        words: 'c_lfill,f_webp,h_200,q_80,w_200',
        size: [200, 200],
        type: 'webp',
        alike: true,
      },
      { url: '/width_200/buffalo.png', id, words: 'w_200', size: [200, 150] },
      { url: '/height_200/buffalo.png', id, words: 'h_200', size: [267, 200] },
      { url: '/s_200x200/buffalo.png', id, words: 'c_lfill,h_200,w_200', size: [200, 200] },
      { url: '/s_200x200,pos_top/buffalo.png', id, words: 'c_lfill,g_north,h_200,w_200', size: [200, 200] },
      { url: '/extract_10_20_300_200/buffalo.png', id, words: 'c_crop,h_200,w_300,x_10,y_20', size: [300, 200] },
      { url: '/format_webp/buffalo.png', id, words: 'f_webp,q_80', size: whole, type: 'webp' },
      { url: '/quality_50/buffalo.png', id, words: 'q_50', size: whole },
      { url: '/rotate_45/buffalo.png', id, words: 'a_45', size: [990, 990], alike: true },
      { url: '/enlarge,s_2000x2000/buffalo.png', id, words: 'c_fill,h_2000,w_2000', size: [2000, 2000] },
      { url: '/flip/buffalo.png', id, words: 'a_vflip', size: whole },
      { url: '/flop/buffalo.png', id, words: 'a_hflip', size: whole },
      { url: '/sharpen_30/buffalo.png', id, words: 'e_sharpen', size: whole, alike: true },
      { url: '/blur_5/buffalo.png', id, words: 'e_blur:225', size: whole },
      { url: '/negate/buffalo.png', id, words: 'e_negate', size: whole },
      { url: '/normalize/buffalo.png', id, words: 'e_normalize', size: whole, alike: true },
      { url: '/threshold_10/buffalo.png', id, words: 'e_threshold:10', size: whole, alike: true },
      { url: '/grayscale/buffalo.png', id, words: 'e_grayscale', size: whole },
      { url: '/animated/buffalo.gif', id: 'buffalo.gif', words: '', size: whole },
    ]),
    ...on(derived, [
      { url: '/s_200x200,fit_inside/buffalo.png', id, words: 'h_200,w_200', size: [200, 150], alike: true },
      { url: '/s_200x200,fit_fill/buffalo.png', id, words: 'c_scale,h_200,w_200', size: [200, 200], alike: true },
      { url: '/rotate_90/buffalo.png', id, words: 'a_90', size: [600, 800] },
      { url: '/rotate_45,b_00ff00/buffalo.png', id, words: 'a_45,b_00ff00', size: [990, 990] },
      { url: '/s_2000x2000/buffalo.png', id, words: 'c_lfill,h_2000,w_2000', size: [600, 600] },
      { url: '/flop&w_100/buffalo.png', id, words: 'a_hflip,w_100', size: [100, 75] },
      { url: '/w_300&h_200/buffalo.png', id, words: 'w_300', size: [300, 225], alike: true },
      { url: '/w_100/http://example.com/buffalo.png', id, words: 'w_100', size: [100, 75] },
      { url: '/w_100/https://cdn.example/a.png', id: 'https://cdn.example/a.png', words: 'w_100', size: [100, 75] },
    ]),
  ],
  refused: [
    ...refusedOn(readme, [
      ['/s_200x200,kernel_nearest/buffalo.png', 'kernel_nearest'],
      ['/s_200x200,fit_outside/buffalo.png', 'fit_outside'],
      ['/trim_100/buffalo.png', 'trim_100'],
      ['/extend_1_2_3_4/buffalo.png', 'extend_1_2_3_4'],
      ['/r_45,b_00ff00/buffalo.png', 'r_45'],
      ['/median_10/buffalo.png', 'median_10'],
      ['/gamma_3/buffalo.png', 'gamma_3'],
      ['/tint_1098123/buffalo.png', 'tint_1098123'],
    ]),
    ...refusedOn(derived, [
      ['/format_heif/buffalo.png', 'format_heif'],
      ['/quality_0/buffalo.png', 'quality_0'],
      ['/modulate_1/buffalo.png', 'modulate_1'],
      ['/rotate_45.5/buffalo.png', 'whole degrees'],
      ['/h_300,rotate_90/buffalo.png', 'rotate_90'],
      ['/resize_400x200,rotate_90/buffalo.png', 'rotate_90'],
      ['/crop_1_2_30_40,rotate_90/buffalo.png', 'rotate_90'],
      ['/constructor/buffalo.png', 'constructor'],
      ['/w_200', 'the path of a picture'],
      ['/w_200/buffalo.png?v=1', '?v=1'],
    ]),
  ],
  vectors: null,
};
