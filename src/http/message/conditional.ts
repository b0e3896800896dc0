/** Entity tags of a list (RFC 9110 §13.1.2), each as `"…"` without its weakness; `*` stays `*`. Garbage is no tag. */
function tagsIn(header: string): readonly string[] {
  if (header.trim() === '*') return ['*'];
  return [...header.matchAll(/(?:W\/)?("[\x21\x23-\x7e\x80-\xff]*")/g)].flatMap(([, tag]) => tag ?? []);
}

function opaque(etag: string): string {
  return etag.replace(/^W\//, '');
}

/** If-None-Match by weak comparison: whether the client holds this representation. */
export function isFresh(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch === etag) return true;
  const tags = tagsIn(ifNoneMatch);
  return tags.includes('*') || tags.includes(opaque(etag));
}

/** If-Match by strong comparison (RFC 9110 §13.1.1); `etag` null = nothing is stored. */
export function isMatch(ifMatch: string, etag: string | null): boolean {
  if (etag === null) return false;
  if (ifMatch.trim() === '*') return true;
  return ifMatch.split(',').some((tag) => tag.trim() === etag);
}
