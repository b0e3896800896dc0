import type { Orientation as Quarter } from '../orientation.ts';
import type { SharpStep } from './step.ts';

/** Quarter turns and mirrors: EXIF's and the URL's together. */
export interface TurnStep {
  readonly kind: 'turn';
  readonly turn: Quarter;
}

/**
 * libvips mirrors before it turns, and both after resizing; a mirror after a turn is the opposite turn after a mirror.
 * A mirror alone is an upside-down flip and half a turn: only a turn keeps sharp from cutting before it mirrors.
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
