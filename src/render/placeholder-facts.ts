/** Placeholders of an image, computed once and stored with its facts. */
export interface Placeholder {
  /** `#rrggbb` */
  readonly dominantColor: string;
  /** ThumbHash (evanw), Base64, about 25 bytes: colours, ratio and transparency. */
  readonly thumbHash: string;
  /** BlurHash (Wolt) of 4 × 3 components, about 30 characters. */
  readonly blurHash: string;
  /** `data:` URL of a WebP of at most 20 pixels per side. */
  readonly placeholder: string;
}

/** Maximum side of the image that placeholders are computed from; the limit of ThumbHash. */
export const placeholderSide = 100;
