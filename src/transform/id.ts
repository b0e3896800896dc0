/** What an id looks like, as a sentence says it. */
export const idRule = 'an id of 1 to 200 characters A-Z a-z 0-9 . _ ~ : - that begins with a letter or digit';
/** At most 250 characters, since the store puts five before an id in a file name of 255 bytes. */
export const idPattern = /^(?:path~[A-Za-z0-9_-]{1,245}|[A-Za-z0-9][A-Za-z0-9._~:-]{0,199})$/;

/** What a path looks like that a URL may write for an id. */
export const pathRule =
  'a path without empty or hidden names, backslashes and control characters, short enough for an id';

/** Whether a path can lead to an original: no empty or hidden name, no `.` or `..`, nothing that is not printed. */
function isPath(path: string): boolean {
  return !/[\u0000-\u001f\u007f-\u009f\\]/.test(path) && path.split('/').every((name) => /^[^.]/.test(name));
}

/** The id that a URL spells, already decoded: `/` and `:` both separate folders. Null where no original can have it. */
export function canonicalId(spelled: string): string | null {
  if (idPattern.test(spelled)) return spelled;
  const path = spelled.replaceAll(':', '/');
  const id = isPath(path) ? idOfPath(path) : '';
  return idPattern.test(id) ? id : null;
}

/** Ids of paths that no id can spell: `~` and what follows is the path in base64url. */
const spelledOut = /^path~([A-Za-z0-9_-]+)$/;

/** The id of a picture that is known by its path: `/` is `:`, and what no id can say is `path~` and base64url. May be too long for an id. */
export function idOfPath(path: string): string {
  const id = path.replaceAll('/', ':');
  if (idPattern.test(id) && !path.includes(':') && !spelledOut.test(id)) return id;
  const binary = String.fromCharCode(...new TextEncoder().encode(path));
  return `path~${btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`;
}

/** The path that an id stands for; every path has one id. */
export function pathOfId(id: string): string {
  const [, encoded] = spelledOut.exec(id) ?? [];
  const path = encoded === undefined ? null : decoded(encoded);
  return path !== null && idOfPath(path) === id ? path : id.replaceAll(':', '/');
}

function decoded(base64: string): string | null {
  try {
    const binary = atob(base64.replaceAll('-', '+').replaceAll('_', '/'));
    return new TextDecoder('utf-8', { fatal: true }).decode(
      Uint8Array.from(binary, (character) => character.charCodeAt(0)),
    );
  } catch {
    return null;
  }
}
