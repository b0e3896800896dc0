import { formats } from '../../formats/index.ts';
import type { Original } from '../../library/original.ts';
import type { StoredVariant } from '../../library/variants/naming.ts';
import { pathOfId } from '../../transform/id.ts';

/** What clients see of an original. */
export function showOriginal(original: Original, variants: readonly unknown[] = []) {
  const { id, version, bytes, facts, createdAt, tags, focalPoint, boxes, metadata, lifetime, removed } = original;
  const url = `/img/${id}`;
  return {
    id,
    ...spelledOutPath(id),
    version,
    bytes,
    mediaType: facts.mediaType,
    format: facts.format,
    width: facts.width,
    height: facts.height,
    alpha: facts.alpha,
    pages: facts.pages,
    createdAt,
    tags,
    focalPoint,
    boxes,
    metadata,
    lifetime,
    removed,
    url,
    versionedUrl: `${url}/v_${version.slice(0, 8)}/${id}.${formats[facts.format].extensions[0]}`,
    variants,
  };
}

/** The path that an id stands for, where the id does not show it. */
export function spelledOutPath(id: string): { readonly path?: string } {
  const path = pathOfId(id);
  return path.replaceAll('/', ':') === id ? {} : { path };
}

/** A stored variant, from its name. The name does not hold the URL that made it. */
export function showVariant({ hash, width, height, bytes, mediaType }: StoredVariant) {
  return { name: hash, url: null, width, height, bytes, mediaType, error: null };
}
