import { derived, type Refusal, refusedOn } from './proof.ts';

const reference = 'https://cloudinary.com/documentation/transformation_reference';
const tests = 'https://github.com/cloudinary/cloudinary_npm/blob/master/test/unit/cloudinary_spec.js';

const at = '/demo/image/upload';

export const cloudinaryRefused: readonly Refusal[] = [
  ...refusedOn('https://github.com/cloudinary/cloudinary_gem#readme', [
    ['/demo/image/facebook/c_thumb,g_face,h_90,w_120/billclinton.jpg', 'facebook'],
  ]),
  ...refusedOn(reference, [
    ['/demo/video/upload/a_-20/docs/hotel-slow-motion-waterfall.mp4', 'image/upload'],
    [`${at}/c_fill,w_300,ar_0.7,a_auto_left/sheep.jpg`, 'a_auto_left'],
    [
      `${at}/e_background_removal/b_lightblue,c_pad,w_1.0/e_trim/e_gen_restore/docs/cupcake.png`,
      'e_background_removal',
    ],
    [`${at}/ar_16:9,b_gen_fill,c_pad,w_1250/docs/moped.jpg`, 'b_gen_fill'],
    [`${at}/bl_bg-rem-gray-jxl/e_cartoonify/f_auto/q_auto/cld-sample.jpg`, 'bl_bg-rem-gray-jxl'],
    [`${at}/b_auto,c_auto_pad,g_auto,h_160,w_300/docs/men-laughing.jpg`, 'c_auto_pad'],
    [`${at}/b_auto,c_fill_pad,g_auto,h_400,w_80/lady.jpg`, 'c_fill_pad'],
    [`${at}/c_imagga_scale,h_150,w_150/sample_van.jpg`, 'c_imagga_scale'],
    [`${at}/c_mfit,h_20,w_20/docs/camera-640.jpg`, 'c_mfit'],
    [`${at}/co_orange,e_outline/ring2.png`, 'e_outline'],
    [`${at}/cs_cmyk/face_top.jpg`, 'cs_cmyk'],
    [`${at}/c_scale,h_150/dpr_auto/face_top.jpg`, 'dpr_auto'],
    [`${at}/dn_20/multi_page_pdf.jpg`, 'dn_20'],
    [`${at}/e_art:incognito/horses.jpg`, 'e_art:incognito'],
    [`${at}/e_auto_contrast:80/horses.jpg`, 'e_auto_contrast:80'],
    [`${at}/e_blur_region:1500,y_0.75/horses.jpg`, 'e_blur_region:1500'],
    [`${at}/e_contrast:level_150;type_linear/horses.jpg`, 'e_contrast:level_150;type_linear'],
    [`${at}/e_improve:50/horses.jpg`, 'e_improve:50'],
    [`${at}/e_red:50/horses.jpg`, 'e_red:50'],
    [`${at}/co_rgb:1a8502,e_shadow:50,x_-15,y_15/horses.jpg`, 'e_shadow:50'],
    [`${at}/e_tint:50:blue:0f0/horses.jpg`, 'e_tint:50:blue:0f0'],
    [`${at}/e_trim:50:yellow/docs/casual_yellow_red_corners.png`, 'e_trim:50:yellow'],
    [`${at}/e_vignette:30/horses.jpg`, 'e_vignette:30'],
    [`${at}/c_scale,w_550/fl_c2pa/docs/freckles`, 'fl_c2pa'],
    [`${at}/c_thumb,g_face,h_220,w_200/l_hexagon_feather_sample/fl_cutter,fl_layer_apply/face_left.png`, 'fl_cutter'],
    [`${at}/ar_0.7,c_fill,g_auto:subject,w_750/fl_getinfo/boat_lake2.jpg`, 'fl_getinfo'],
    [`${at}/l_cloudinary_icon_white/c_scale,w_200/o_30/fl_layer_apply,fl_tiled/flower.jpg`, 'fl_tiled'],
    [`${at}/fps_8/kitten_fighting.gif`, 'fps_8'],
    [
      `${at}/if_w_lte_400/c_fill,h_220,w_180/e_red/if_else/c_fill,h_190,w_300/e_oil_paint/if_end/alfa_car.jpg`,
      'if_w_lte_400',
    ],
    [
      `${at}/l_fetch:aHR0cHM6Ly9yZXMuY2xvdWRpbmFyeS5jb20vZGVtby9pbWFnZS91cGxvYWQvbG9nb3MvY2xvdWRpbmFyeV9mdWxsX2xvZ29fYmx1ZV9zbWFsbC5wbmc=/fl_layer_apply,g_north_west,x_15,y_15/docs/model_handbag_640`,
      'l_fetch:aHR0',
    ],
    [`${at}/l_lut:iwltbap_aspen.3dl/fl_layer_apply/ladybug_top.jpg`, 'l_lut:iwltbap_aspen.3dl'],
    [
      `${at}/c_scale,w_500/l_text:Verdana_75_bold_underline_letter_spacing_14:Style/fl_layer_apply/alfa_car.jpg`,
      'underline',
    ],
    [`${at}/pg_2-5;7;10/docs/cld_record_PSD.jpg`, 'pg_2-5;7;10'],
    [`${at}/t_vignette_angle/docs/hot-air-balloons.jpg`, 'vignette_angle'],
    [`${at}/u_site_bg/c_fill,fl_layer_apply,fl_relative,h_1.0,w_1.0/smartphone.png`, 'u_site_bg'],
    [`${at}/vs_0.25s/spiral_animated.gif`, 'vs_0.25s'],
    [`${at}/c_crop,g_face,z_1.2/woman_sample.jpg`, 'sides beside c_crop'],
    [`${at}/c_crop,g_sink,z_0.8/docs/kitchen1.jpg`, 'g_sink'],
    [`${at}/$widthval_200/$arval_0.8/ar_$arval,c_fill,g_face,w_$widthval/woman.jpg`, '$widthval_200'],
    [`${at}/$width_150/t_passport_photo/woman.jpg`, '$width_150'],
  ]),
  ...refusedOn(tests, [
    ['/test123/raw/upload/test', 'image/upload'],
    ['/test123/image/youtube/http://www.youtube.com/watch%3Fv%3Dd9NF2edxy-M', 'youtube'],
    ['/test123/image/upload/g_center,o_20,p_a,q_0.4,r_3,x_1,y_2/test', 'p_a'],
    ['/test123/image/upload/c_crop,g_ocr_text,w_0.5/test', 'g_ocr_text'],
  ]),
  ...refusedOn(derived, [
    [`${at}/w_auto,c_scale/sample.jpg`, 'w_auto'],
    [`${at}/dpr_2.0/sample.jpg`, 'a side beside a ratio'],
    [`${at}/e_constructor/sample.jpg`, 'e_constructor'],
    [`${at}/e_blackwhite:101/sample.jpg`, 'e_blackwhite:101'],
    [`${at}/t_unheard/sample.jpg`, 'unheard'],
    [`${at}/f_jxl/sample.jpg`, 'f_jxl'],
    [`${at}/sample.pdf`, '.pdf'],
  ]),
];
