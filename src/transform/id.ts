/** What an id looks like, as a sentence says it. */
export const idRule = 'an id of 1 to 200 characters A-Z a-z 0-9 . _ ~ : - that begins with a letter or digit';
export const idPattern = /^[A-Za-z0-9][A-Za-z0-9._~:-]{0,199}$/;
