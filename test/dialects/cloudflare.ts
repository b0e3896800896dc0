import type { Proof } from './proof.ts';

const id = 'uploads:avatar1.jpg';
const image = 'uploads/avatar1.jpg';

export const cloudflare: Proof = {
  name: 'cloudflare',
  sources: ['https://developers.cloudflare.com/images/transform-images/transform-via-url/'],
  examples: [
    { url: `/width=80,quality=75/${image}`, id, words: 'q_75,w_80', size: [80, 60] },
    { url: '/width=100/http://example.com/bucket/image.png', id: 'bucket:image.png', words: 'w_100', size: [100, 75] },
    { url: `/w=80,q=75,f=webp/${image}`, id, words: 'f_webp,q_75,w_80', size: [80, 60], type: 'webp' },
    { url: `/fit=scale-down,width=1600,height=1600/${image}`, id, words: 'h_1600,w_1600', size: [800, 600] },
    { url: `/fit=contain,width=1600,height=1600/${image}`, id, words: 'c_fit,h_1600,w_1600', size: [1600, 1200] },
    { url: `/fit=cover,width=900,height=300/${image}`, id, words: 'c_fill,h_300,w_900', size: [900, 300] },
    { url: `/fit=crop,width=200,height=200/${image}`, id, words: 'c_lfill,h_200,w_200', size: [200, 200] },
    { url: `/fit=pad,width=300,height=300/${image}`, id, words: 'b_ffffff,c_pad,h_300,w_300', size: [300, 300] },
    { url: `/fit=squeeze,width=300,height=300/${image}`, id, words: 'c_scale,h_300,w_300', size: [300, 300] },
    {
      url: `/fit=cover,width=300,height=300,gravity=0x0.5/${image}`,
      id,
      words: 'c_fill,g_xy_center,h_300,w_300,x_0.0,y_0.5',
      size: [300, 300],
    },
    { url: `/fit=cover,w=300,h=300,gravity=right/${image}`, id, words: 'c_fill,g_east,h_300,w_300', size: [300, 300] },
    {
      url: `/fit=cover,w=300,h=300,g=face/${image}`,
      id,
      words: 'c_fill,g_auto,h_300,w_300',
      size: [300, 300],
      alike: true,
    },
    { url: `/width=100,dpr=2/${image}`, id, words: 'dpr_2,w_100', size: [200, 150] },
    { url: `/width=300,rotate=90/${image}`, id, words: 'a_90,w_300', size: [300, 400] },
    {
      url: `/w=300,format=auto,metadata=none,onerror=redirect/${image}`,
      id,
      words: 'f_auto,w_300',
      size: [300, 225],
      alike: true,
    },
    { url: `/w=300,blur=50/${image}`, id, words: 'e_blur:1225,w_300', size: [300, 225], alike: true },
    { url: `/w=300,anim=false,background=%23ff8800/${image}`, id, words: 'b_ff8800,pg_1,w_300', size: [300, 225] },
  ],
  refused: [
    [`/width=auto/${image}`, 'width=auto'],
    [`/w=300,format=json/${image}`, 'format=json'],
    [`/w=300,brightness=0.5/${image}`, 'brightness=0.5'],
    [`/w=300,gamma=0.5,contrast=0.5/${image}`, 'contrast=0.5'],
    [`/w=300,trim=20;30;20;0/${image}`, 'trim=20'],
    [`/w=300,fit=aspect-crop/${image}`, 'fit=aspect-crop'],
    [`/w=300,fit=toString/${image}`, 'fit=toString'],
    [`/w=300,metadata=keep/${image}`, 'metadata=keep'],
    ['/width=80', 'the path of a picture'],
    [`/width=80/${image}?v=1`, 'without a query'],
    [`/uploads/avatar1.jpg`, 'uploads'],
    [`/w=300,background=%ff/${image}`, 'background'],
  ],
  vectors: null,
};
