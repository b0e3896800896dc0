/** Originals that URLs without a signature had fetched carry this tag, by which they are counted and expire. */
export const unsignedFetchTag = 'fetched-unsigned';

/** How many of them are stored, and for how many milliseconds: any client can name another URL. */
export const maxUnsignedFetches = 10_000;
export const unsignedFetchAge = 30 * 86_400_000;
