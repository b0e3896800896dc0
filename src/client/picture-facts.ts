/** What is known of a picture: its id at least, at most all that `GET /info/{id}` answers. */
export interface Picture {
  readonly id: string;
  /** SHA-256 of the original: with it URLs name what never changes. */
  readonly version?: string | undefined;
  /** Of the upright original in pixels: no URL asks for more. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /** Of the original: URLs name it where nothing else says a format. */
  readonly format?: string | undefined;
  readonly alpha?: boolean | undefined;
  /** More than one: an animation, or a document. */
  readonly pages?: number | undefined;
  /** A `data:` URL of very few bytes. */
  readonly placeholder?: string | undefined;
}

export function factsOf(picture: string | Picture): Picture {
  return typeof picture === 'string' ? { id: picture } : picture;
}
