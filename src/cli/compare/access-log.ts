/** A path with its query, and how often it was asked for. */
export interface LoggedRequest {
  readonly path: string;
  readonly hits: number;
}

/** Names of the path in logs that write JSON: nginx, Caddy, Traefik, load balancers. */
const pathMembers = ['request_uri', 'uri', 'RequestPath', 'url', 'path', 'requestUrl', 'request_url'];
const methodMembers = ['request_method', 'method', 'RequestMethod', 'requestMethod'];

/**
 * Paths of an access log, the most asked for first. Lines may be in any format with `"GET /path HTTP/1.1"` in it, JSON, the
 * tab-separated one of CloudFront, or a URL or path alone; what is none of them is passed over.
 */
export function pathsIn(log: string): readonly LoggedRequest[] {
  const hits = new Map<string, number>();
  let fields: readonly string[] = [];
  for (const line of log.split('\n')) {
    if (line.startsWith('#Fields:')) fields = line.slice('#Fields:'.length).trim().split(/\s+/);
    const path = (pathOf(line.trim(), fields) ?? '').replace(/^https?:\/\/[^/]*/, '');
    if (path.startsWith('/')) hits.set(path, (hits.get(path) ?? 0) + 1);
  }
  const asked = [...hits].map(([path, count]) => ({ path, hits: count }));
  return asked.sort((a, b) => b.hits - a.hits || (a.path < b.path ? -1 : 1));
}

function pathOf(line: string, fields: readonly string[]): string | null {
  if (line.startsWith('{')) return pathInJson(line);
  if (fields.length > 0 && line.includes('\t')) return pathInColumns(line.split('\t'), fields);
  return /"(?:GET|HEAD) (\S+)(?: HTTP\/[\d.]+)?"/.exec(line)?.[1] ?? /^((?:https?:\/|\/)\S*)$/.exec(line)?.[1] ?? null;
}

/** Members that tell of the request may stand at the top or one level below, as Caddy has them. */
function pathInJson(line: string): string | null {
  let read: unknown;
  try {
    read = JSON.parse(line);
  } catch {
    return null;
  }
  for (const members of [read, ...Object.values(Object(read))].map((value) => new Map(Object.entries(Object(value))))) {
    const method = methodMembers.map((name) => members.get(name)).find((value) => typeof value === 'string') ?? 'GET';
    const path = pathMembers.map((name) => members.get(name)).find((value) => typeof value === 'string');
    if (typeof path === 'string') return method === 'GET' || method === 'HEAD' ? path : null;
    const request = members.get('request');
    const sent = typeof request === 'string' ? /^(?:GET|HEAD) (\S+)/.exec(request)?.[1] : undefined;
    if (sent !== undefined) return sent;
  }
  return null;
}

/** As W3C's extended format names columns; CloudFront writes the query apart, `-` for none. */
function pathInColumns(cells: readonly string[], fields: readonly string[]): string | null {
  const of = (name: string) => cells[fields.indexOf(name)] ?? '';
  if (!['GET', 'HEAD'].includes(of('cs-method'))) return null;
  const query = of('cs-uri-query');
  return of('cs-uri-stem') + (query === '' || query === '-' ? '' : `?${query}`);
}

/** So many of them, evenly from the most to the least asked for. */
export function sampleOf(asked: readonly LoggedRequest[], most: number): readonly LoggedRequest[] {
  if (asked.length <= most) return asked;
  return Array.from({ length: most }, (_, index) => asked[Math.floor((index * asked.length) / most)]).flatMap(
    (each) => each ?? [],
  );
}
