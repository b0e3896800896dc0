import type { Orientation as Quarter } from '../orientation.ts';
import type { SharpStep } from './step.ts';

/** Quarter turns and mirrors, from EXIF and the URL combined. */
export interface TurnStep {
  readonly kind: 'turn';
  readonly turn: Quarter;
}

/**
 * libvips mirrors before it turns, and both after resizing. A turn before a mirror equals the opposite turn after it.
 * A mirror alone is done as an upside-down flip and half a turn, because only a turn keeps sharp from cutting before it
 * mirrors.
 */
export const turnStep: SharpStep<TurnStep> = {
  kind: 'turn',
  slot: 3,
  pipeline: 2,
  apply(image, { turn: { quarters, mirror } }) {
    const clockwise = mirror ? (4 - quarters) % 4 : quarters;
    return mirror && clockwise === 0 ? image.flip().rotate(180) : image.flop(mirror).rotate(clockwise * 90);
  },
};
