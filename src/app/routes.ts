import { requestLimitOf } from '../config/derived.ts';
import { frontPageOf, hasSamples, samplePathOf } from '../config/front-page.ts';
import { getCdn } from '../http/admin/cdn-route.ts';
import { getJob, postJob } from '../http/admin/jobs-routes.ts';
import { getMetrics, getReport, getStats, livez, postSweep, readyz } from '../http/admin/ops-routes.ts';
import { postPurge, purgeImage } from '../http/admin/purge-routes.ts';
import { byHost } from '../http/hosts.ts';
import { hourOfSeconds, yearOfSeconds } from '../http/image/cache-headers.ts';
import { getExplanation } from '../http/image/explain-route.ts';
import { getInfo } from '../http/image/info-routes.ts';
import { getPicture } from '../http/image/picture-route.ts';
import { imageRoute } from '../http/image/route.ts';
import { getVariant } from '../http/image/variant-route.ts';
import { readable } from '../http/message/cors.ts';
import type { RequestLine } from '../http/message/request-log.ts';
import { type Route, route, type Target } from '../http/message/route.ts';
import { describeRoutes, getOpenapi } from '../http/openapi/document.ts';
import { listOriginals } from '../http/originals/list-route.ts';
import {
  deleteOriginal,
  getOriginal,
  getOriginalInfo,
  patchOriginal,
  putOriginal,
  refuseReservedId,
} from '../http/originals/originals-routes.ts';
import { postOriginal } from '../http/originals/post-route.ts';
import { postUploadForm } from '../http/originals/upload-form-route.ts';
import { postUploads, putUpload } from '../http/originals/uploads-routes.ts';
import { getDocs } from '../http/pages/docs-route.ts';
import { closedPage, getLanding } from '../http/pages/landing-route.ts';
import { openPlayground } from '../http/pages/playground-route.ts';
import { type Fetch, type RouterOptions, router } from '../http/router.ts';
import { recordTrace } from '../observability/tracing.ts';
import { packageVersion } from '../platform/version.ts';
import { suggestPath } from '../transform/suggestion/suggest.ts';
import { dialectRoutes } from './dialect-routes.ts';
import type { Services } from './services.ts';

const reading = ['GET', 'HEAD'] as const;

/** What the server can be asked: every route is one line. */
export function createFetch(services: Services): Fetch {
  const { config, pictures, ingest, library, presets, ladder, listing, sweep, readiness } = services;
  const negativeTtl = Math.round(config.negativeTtl / 1000);
  // Where URLs need a signature or a preset, the canonical spelling would be refused.
  const links = !services.signatures.areRequired && !config.presetsOnly;
  const { auto, canonical, presetsOnly, originals: openOriginals } = config;
  // A year is promised only where it can be taken back.
  const lifetimes = { edge: services.cdnPurger.isConfigured ? yearOfSeconds : hourOfSeconds, negativeTtl, links };
  const requestLimit = requestLimitOf(config);
  const image = {
    ...services,
    requestLimit,
    originals: pictures,
    auto,
    canonical,
    presetsOnly,
    openOriginals,
    lifetimes,
  };
  const { eager, jobs, deprecations } = services;
  const stored = { originals: pictures, ingest, library, eager, jobs, deprecations };
  const uploading = { ...stored, presets, uploadTokens: services.uploadTokens, throttle: services.throttle };
  const purging = { purge: services.purge, localPurge: services.localPurge, presets, ladder };
  const metrics = getMetrics(services.metrics);
  const cdnSettings = {
    autoPresets: [...presets].flatMap(([name, { answer }]) => (answer.f === 'auto' ? [name] : [])),
    edge: lifetimes.edge,
    negative: negativeTtl,
    timeout: Math.ceil(requestLimit / 1000) + 1,
    largestUpload: config.maxBytes,
  };
  const spoken = dialectRoutes(services, image);
  const routes: readonly Route[] = [
    route(reading, '/img/*', 'signature', imageRoute(image)),
    route(['DELETE', 'PURGE'], '/img/*', 'purge', purgeImage(purging)),
    route(reading, '/originals', 'read', listOriginals(listing, services.sourceListing)),
    route(['POST'], '/originals', 'write', postOriginal({ ...stored, presets, fonts: services.fonts })),
    route(['PUT'], '/originals/:id', 'write', putOriginal(stored)),
    openOriginals === 'public'
      ? route(reading, '/originals/:id', 'public', readable(getOriginal(stored)))
      : route(reading, '/originals/:id', 'read', getOriginal(stored)),
    route(['PATCH'], '/originals/:id', 'write', patchOriginal(stored)),
    route(['DELETE'], '/originals/:id', 'write', deleteOriginal(stored)),
    route(reading, '/originals/:id/info', 'read', getOriginalInfo(stored)),
    route(
      reading,
      '/originals/:id/variants/:preset',
      services.signatures.areRequired ? 'read' : 'public',
      readable(getVariant({ originals: pictures, eager, presets })),
    ),
    ...['/originals/:id/info', '/originals/:id/variants/:preset'].map((path) =>
      route(['PUT', 'PATCH', 'DELETE'], path, 'write', refuseReservedId()),
    ),
    route(reading, '/info/*', 'signature or read', getInfo(image)),
    route(reading, '/picture/*', 'signature or read', getPicture(image)),
    route(reading, '/explain/*', 'read', getExplanation(image)),
    route(['POST'], '/uploads', 'write', postUploads(uploading)),
    route(['PUT'], '/uploads/:token', 'public', readable(putUpload(uploading))),
    route(['POST'], '/uploads/:token', 'public', readable(postUploadForm({ ...uploading, origins: config.cors }))),
    route(['POST'], '/purge', 'purge', postPurge(purging)),
    route(reading, '/cdn/:provider', 'read', getCdn(cdnSettings)),
    route(['POST'], '/jobs', 'write', postJob(stored)),
    route(reading, '/jobs/:id', 'read', getJob(jobs)),
    route(reading, '/stats', 'read', getStats(services.stats, services.copies)),
    route(['POST'], '/sweep', 'write', postSweep(sweep)),
    route(reading, '/report', 'read', getReport(services.reportOnly)),
    ...pageRoutes(services, () => routes),
    ...(config.metricsPort === null ? [route(reading, '/metrics', 'read', metrics)] : []),
    route(reading, '/livez', 'public', livez()),
    route(reading, '/readyz', 'public', readyz(readiness)),
    route(
      reading,
      '/openapi.json',
      'public',
      readable(
        getOpenapi(() => describeRoutes(routes, { version: packageVersion, presets: services.namedTransforms })),
      ),
    ),
    ...spoken.flatMap(({ host, route }) => (host === null ? [route] : [])),
  ];
  const shared = routerOptions(services);
  const hosts = spoken.flatMap(({ host, route }) => (host === null ? [] : [[host, router([route], shared)] as const]));
  return byHost(router(routes, shared), new Map(hosts));
}

/** Pages for people: the playground with its reference, a landing page in its place, or a 404 that names the switch. */
function pageRoutes(services: Services, routes: () => readonly Route[]): readonly Route[] {
  const { config, namedTransforms: presets } = services;
  const kind = frontPageOf(config);
  const playground = openPlayground({
    readOnly: config.playground === 'read-only',
    hasSource: services.sourceListing !== null,
    presets,
  });
  if (kind === 'playground') {
    const documented = () => ({ routes: routes(), version: packageVersion, presets });
    return [
      route(reading, '/', 'public', playground.page),
      route(reading, '/playground/:file', 'public', playground.file),
      route(reading, '/docs', 'public', getDocs(documented)),
    ];
  }
  const sample = hasSamples(config) ? samplePathOf(config) : null;
  const samplePath = sample === null ? null : services.sign(sample);
  const front = kind === 'landing' ? getLanding({ version: packageVersion, samplePath }) : closedPage();
  const closed = ['/playground/:file', '/docs'].map((path) => route(reading, path, 'public', closedPage()));
  return [route(reading, '/', 'public', front), ...closed];
}

/** What a port of their own answers: everybody who can reach it may look. */
export function createMetricsFetch(services: Services): Fetch {
  const routes = [
    route(reading, '/metrics', 'public', getMetrics(services.metrics)),
    route(reading, '/livez', 'public', livez()),
    route(reading, '/readyz', 'public', readyz(services.readiness)),
  ];
  return router(routes, routerOptions(services));
}

function routerOptions(services: Services): RouterOptions {
  const { config, access, environment, metrics, pseudonym, presets, signatures } = services;
  const log = (line: RequestLine) => {
    metrics.request(line);
    recordTrace(line);
    environment.log(line);
  };
  const negativeTtl = Math.round(config.negativeTtl / 1000);
  // A suggestion would lack the signature, or hold words that are not allowed.
  const suggests = !signatures.areRequired && !config.presetsOnly;
  const suggest = ({ path, query }: Target) => (suggests ? suggestPath(path, query, presets) : null);
  return { access, origins: config.cors, log, report: environment.report, negativeTtl, pseudonym, suggest };
}
