import type { OriginalLookup } from '../../library/intake/read-through.ts';
import { pathOfId } from '../../transform/id.ts';
import { formatOfName, idOfSegments } from '../../transform/id-segments.ts';
import type { ParsedImageUrl } from './image-url.ts';

/**
 * The right URL where no original has the id. Two ids are looked up: in lower case, and without a picture extension. Else words before
 * the id are turned around, and a folder with a file name becomes an id.
 */
export async function suggestOriginal(
  originals: Pick<OriginalLookup, 'find'>,
  { id, segments }: Pick<ParsedImageUrl, 'id' | 'segments'>,
  turned: string | null,
): Promise<string | null> {
  const extension = formatOfName(id) === null ? '' : id.slice(id.lastIndexOf('.'));
  const plain = id.slice(0, id.length - extension.length);
  for (const candidate of new Set([id.toLowerCase(), plain])) {
    if (candidate === id || candidate === '' || !(await isStored(originals, candidate))) continue;
    const name = segments.length === 0 && extension !== '' ? [lastNameOf(candidate) + extension] : [];
    return ['/img', candidate, ...segments, ...name].join('/');
  }
  if (turned !== null) return turned;
  const [name = ''] = segments;
  const joined =
    segments.length === 1 && formatOfName(name) !== null
      ? idOfSegments([...pathOfId(id).split('/').map(encodeURIComponent), name])
      : null;
  return joined === null ? null : `/img/${joined}`;
}

const lastNameOf = (id: string): string => encodeURIComponent(pathOfId(id).split('/').at(-1) ?? id);

/** A lookup that fails only leaves the suggestion out: that the original is missing is known already. */
function isStored(originals: Pick<OriginalLookup, 'find'>, id: string): Promise<boolean> {
  return originals.find(id).then(
    (found) => found !== null,
    () => false,
  );
}
