/** What an id looks like, as a sentence says it. */
export const idRule = 'an id of 1 to 200 characters A-Z a-z 0-9 . _ ~ : - that begins with a letter or digit';
export const idPattern = /^[A-Za-z0-9][A-Za-z0-9._~:-]{0,199}$/;

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
