import { openFonts } from '../../render/pixels/fonts.ts';
import { bad, type Check, good, sentenceOf } from './check.ts';

/** What text may be set in. */
export const fonts: Check = {
  name: 'fonts',
  look: async ({ config, scratchFolder }) => {
    try {
      const { families } = await openFonts(config.fonts, scratchFolder);
      return [good('fonts', `${families.length} families: ${families.join(', ')}`)];
    } catch (cause) {
      return [
        bad(
          'fonts',
          sentenceOf(cause),
          'Name a folder of TrueType or OpenType files that can be read, or leave TINTYPE_FONTS out',
        ),
      ];
    }
  },
};
