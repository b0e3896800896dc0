import { requestLimitOf } from '../config/derived.ts';
import { dialectRoutes } from './dialect-routes.ts';
import { recordTrace } from '../observability/tracing.ts';
import { hourOfSeconds, yearOfSeconds } from '../http/image/cache-headers.ts';
import { getCdn } from '../http/admin/cdn-route.ts';
import { readable } from '../http/message/cors.ts';
import { getDocs } from '../http/pages/docs-route.ts';
import { getExplanation } from '../http/image/explain-route.ts';
import { byHost } from '../http/hosts.ts';
import { imageRoute } from '../http/image/route.ts';
import { getInfo } from '../http/image/info-routes.ts';
import { getJob, postJob } from '../http/admin/jobs-routes.ts';
import { listOriginals } from '../http/originals/list-route.ts';
import { describeRoutes, getOpenapi } from '../http/openapi/document.ts';
import { getMetrics, getReport, getStats, livez, postSweep, readyz } from '../http/admin/ops-routes.ts';
import { deleteOriginal, getOriginal, getOriginalInfo, patchOriginal, putOriginal } from '../http/originals/originals-routes.ts';
import { getPicture } from '../http/image/picture-route.ts';
import { openPlayground } from '../http/pages/playground-route.ts';
import { postOriginal } from '../http/originals/post-route.ts';
import { postPurge, purgeImage } from '../http/admin/purge-routes.ts';
import type { RequestLine } from '../http/message/request-log.ts';
import { on, type Route } from '../http/message/route.ts';
import { type Fetch, type RouterOptions, router } from '../http/router.ts';
import { postUploads, putUpload } from '../http/originals/uploads-routes.ts';
import { getVariant } from '../http/image/variant-route.ts';
import { hasPlayground } from '../config/playground.ts';
import type { Rooms } from './services.ts';
import { version } from '../platform/version.ts';

const reading = ['GET', 'HEAD'] as const;

/** What the server can be asked: every route is one line. */
export function serve(rooms: Rooms): Fetch {
  const { config, pictures, ingest, library, presets, ladder, listing, sweep, readiness } = rooms;
  const negativeTtl = Math.round(config.negativeTtl / 1000);
  // Where URLs need a signature or a preset, the canonical spelling would be refused.
  const links = !rooms.signatures.areNeeded && !config.presetsOnly;
  const { auto, canonical, presetsOnly, originals: openOriginals } = config;
  // A year is promised only where it can be taken back.
  const lifetimes = { edge: rooms.edge.isThere ? yearOfSeconds : hourOfSeconds, negativeTtl, links };
  const requestLimit = requestLimitOf(config);
  const image = { ...rooms, requestLimit, originals: pictures, auto, canonical, presetsOnly, openOriginals, lifetimes };
  const { eager, jobs } = rooms;
  const stored = { originals: pictures, ingest, library, eager, jobs };
  const uploading = { ...stored, presets, permits: rooms.permits, brake: rooms.brake };
  const purging = { forgetting: rooms.forgetting, purging: rooms.purging, presets, ladder };
  const metrics = getMetrics(rooms.meters);
  const playground = openPlayground({ readOnly: config.playground === 'read-only', presets: rooms.namedTransforms });
  const inFront = {
    autoPresets: [...presets].flatMap(([name, { answer }]) => (answer.f === 'auto' ? [name] : [])),
    edge: lifetimes.edge,
    negative: negativeTtl,
    patience: Math.ceil(requestLimit / 1000) + 1,
    largestUpload: config.maxBytes,
  };
  const spoken = dialectRoutes(rooms, image);
  const routes: readonly Route[] = [
    on(reading, '/img/*', 'signature', imageRoute(image)),
    on(['DELETE', 'PURGE'], '/img/*', 'purge', purgeImage(purging)),
    on(reading, '/originals', 'read', listOriginals(listing)),
    on(['POST'], '/originals', 'write', postOriginal({ ...stored, presets, fonts: rooms.fonts })),
    on(['PUT'], '/originals/:id', 'write', putOriginal(stored)),
    openOriginals === 'public'
      ? on(reading, '/originals/:id', 'public', readable(getOriginal(stored)))
      : on(reading, '/originals/:id', 'read', getOriginal(stored)),
    on(['PATCH'], '/originals/:id', 'write', patchOriginal(stored)),
    on(['DELETE'], '/originals/:id', 'write', deleteOriginal(stored)),
    on(reading, '/originals/:id/info', 'read', getOriginalInfo(stored)),
    on(
      reading,
      '/originals/:id/variants/:preset',
      rooms.signatures.areNeeded ? 'read' : 'public',
      readable(getVariant({ originals: pictures, eager, presets })),
    ),
    on(reading, '/info/*', 'signature or read', getInfo(image)),
    on(reading, '/picture/*', 'signature or read', getPicture(image)),
    on(reading, '/explain/*', 'read', getExplanation(image)),
    on(['POST'], '/uploads', 'write', postUploads(uploading)),
    on(['PUT'], '/uploads/:token', 'public', readable(putUpload(uploading))),
    on(['POST'], '/purge', 'purge', postPurge(purging)),
    on(reading, '/cdn/:provider', 'read', getCdn(inFront)),
    on(['POST'], '/jobs', 'write', postJob(stored)),
    on(reading, '/jobs/:id', 'read', getJob(jobs)),
    on(reading, '/stats', 'read', getStats(rooms.stats, rooms.copies)),
    on(['POST'], '/sweep', 'write', postSweep(sweep)),
    on(reading, '/report', 'read', getReport(rooms.trial)),
    ...(hasPlayground(config)
      ? [
          on(reading, '/', 'public', playground.page),
          on(reading, '/playground/:file', 'public', playground.file),
          on(
            reading,
            '/docs',
            'public',
            getDocs(() => ({ routes, version, presets: rooms.namedTransforms })),
          ),
        ]
      : []),
    ...(config.metricsPort === null ? [on(reading, '/metrics', 'read', metrics)] : []),
    on(reading, '/livez', 'public', livez()),
    on(reading, '/readyz', 'public', readyz(readiness)),
    on(
      reading,
      '/openapi.json',
      'public',
      readable(getOpenapi(() => describeRoutes(routes, { version, presets: rooms.namedTransforms }))),
    ),
    ...spoken.flatMap(({ host, route }) => (host === null ? [route] : [])),
  ];
  const shared = options(rooms);
  const hosts = spoken.flatMap(({ host, route }) => (host === null ? [] : [[host, router([route], shared)] as const]));
  return byHost(router(routes, shared), new Map(hosts));
}

/** What a port of their own answers: everybody who can reach it may look. */
export function serveMetrics(rooms: Rooms): Fetch {
  const routes = [
    on(reading, '/metrics', 'public', getMetrics(rooms.meters)),
    on(reading, '/livez', 'public', livez()),
    on(reading, '/readyz', 'public', readyz(rooms.readiness)),
  ];
  return router(routes, options(rooms));
}

function options({ config, access, surroundings, meters, pseudonym }: Rooms): RouterOptions {
  const log = (line: RequestLine) => {
    meters.request(line);
    recordTrace(line);
    surroundings.log(line);
  };
  return { access, log, report: surroundings.report, negativeTtl: Math.round(config.negativeTtl / 1000), pseudonym };
}
