/** What can be shown of a picture before it is there. Made once, small enough to be kept with its facts. */
export interface Placeholder {
  /** `#rrggbb` */
  readonly dominantColor: string;
  /** Base64, about 25 bytes: colours, ratio and transparency (evanw's ThumbHash). */
  readonly thumbHash: string;
  /** About 30 characters (Wolt's BlurHash), 4 × 3 components. */
  readonly blurHash: string;
  /** A `data:` URL of a WebP of at most 20 pixels a side. */
  readonly placeholder: string;
}

/** Sides of the picture that is looked at, at most; ThumbHash takes no more. */
export const placeholderSide = 100;
