import { openFonts } from '../../render/pixels/fonts.ts';
import { type Check, failed, passed, sentenceOf } from './check.ts';

/** What text may be set in. */
export const fontsCheck: Check = {
  name: 'fonts',
  run: async ({ config, scratchFolder }) => {
    try {
      const { families } = await openFonts(config.fonts, scratchFolder);
      return [passed('fonts', `${families.length} families: ${families.join(', ')}`)];
    } catch (cause) {
      return [
        failed(
          'fonts',
          sentenceOf(cause),
          'Name a folder of TrueType or OpenType files that can be read, or leave TINTYPE_FONTS out',
        ),
      ];
    }
  },
};
