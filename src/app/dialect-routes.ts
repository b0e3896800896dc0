import { dialects } from '../dialects/index.ts';
import { dialectRoute } from '../http/image/dialect-route.ts';
import type { ImageRouteOptions } from '../http/image/route.ts';
import { type Route, route } from '../http/message/route.ts';
import type { Services } from './services.ts';

/** A line for every dialect that is spoken, each with the host it is spoken on; null: on all that have none of their own. */
export function dialectRoutes(
  { config, remoteOriginals }: Services,
  image: ImageRouteOptions,
): readonly { readonly host: string | null; readonly route: Route }[] {
  return config.dialects.flatMap(({ name, prefix, host }) => {
    const dialect = dialects.find((each) => each.name === name);
    if (dialect === undefined) return [];
    const keys = config.dialectKeys.flatMap((each) => (each.name === name ? [each.key] : []));
    // Our paths are no paths of that host.
    const lifetimes = { ...image.lifetimes, links: image.lifetimes.links && host === null };
    const operation = dialectRoute({ ...image, lifetimes, remoteOriginals }, { dialect, prefix: prefix ?? '', keys });
    return [{ host, route: route(['GET', 'HEAD'], `${prefix ?? ''}/*`, 'public', operation) }];
  });
}
