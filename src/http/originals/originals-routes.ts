import { Failure } from '../../errors.ts';
import type { Ingest } from '../../library/intake/ingest.ts';
import type { OriginalLookup } from '../../library/intake/read-through.ts';
import type { VariantLibrary } from '../../library/variants/naming.ts';
import type { Deprecations } from '../../observability/deprecations.ts';
import { idOfSegments, mistakenId } from '../../transform/id-segments.ts';
import { mistakeAt, refuse } from '../../transform/image-path.ts';
import { sendDataUrl, sendStored } from '../image/stored-bytes.ts';
import { bodyOf, etagOf } from '../message/body.ts';
import { json, readQuery } from '../message/json.ts';
import { readJson } from '../message/json-body.ts';
import { type HttpContext, type Operation, requestTarget } from '../message/route.ts';
import { readAnnotations } from './annotations.ts';
import { deleteDoc, getDoc, infoDoc, patchDoc, putDoc } from './docs.ts';
import { showOriginal, showVariant } from './original-view.ts';
import { answerUpload, readPreferences, type UploadAnswerOptions } from './upload-answer.ts';
import {
  checkBodyHeaders,
  readDigests,
  readFocalPoint,
  readPrecondition,
  readSanitize,
  readTags,
} from './upload-body.ts';

export interface OriginalsRouteOptions extends UploadAnswerOptions {
  readonly originals: OriginalLookup;
  readonly ingest: Ingest;
  readonly library: VariantLibrary;
  readonly deprecations: Pick<Deprecations, 'used'>;
}

const route = '/originals/';

/** The id of `/originals/:id[/rest]`, from the path as it was sent: everything before `rest`, slashes included. Throws `bad-words`. */
export function requestId(context: HttpContext, rest = ''): string {
  const { path } = requestTarget(context);
  const spelled = path.slice(route.length, path.length - rest.length).split('/');
  const id = idOfSegments(spelled) ?? refuse([mistakenId(spelled, route.length)]);
  context.set('id', id);
  return id;
}

const putWords = ['tags', 'focal', 'eager', 'sanitize', 'normalize'];

/** `PUT /originals/:id` */
export function putOriginal(parts: OriginalsRouteOptions): Operation {
  const { ingest, eager, deprecations } = parts;
  return {
    doc: putDoc,
    handle: async (context) => {
      const id = requestId(context);
      const query = readQuery(context, putWords);
      const preferences = readPreferences(context, query, eager);
      checkBodyHeaders(context, ingest.maxBytes);
      const taken = await ingest.store({
        id,
        body: bodyOf(context),
        ...readDigests(context),
        tags: readTags(query),
        focalPoint: readFocalPoint(query),
        ...readSanitize(query, deprecations),
        precondition: readPrecondition(context),
      });
      return answerUpload(taken, preferences, parts);
    },
  };
}

/** `GET, HEAD /originals/:id`: the stored bytes. */
export function getOriginal({ originals }: OriginalsRouteOptions): Operation {
  return {
    doc: getDoc,
    handle: async (context) => {
      const query = readQuery(context, ['encoding']);
      const original = await originals.describe(requestId(context));
      if (query.has('encoding')) return sendDataUrl(context, { original, originals, encoding: query.get('encoding') });
      return sendStored(context, { original, originals, shared: {} });
    },
  };
}

/** `GET /originals/:id/info` */
export function getOriginalInfo({ originals, library }: OriginalsRouteOptions): Operation {
  return {
    doc: infoDoc,
    handle: async (context) => {
      const original = await originals.describe(requestId(context, '/info'));
      const stored = await library.stored(original);
      return json(showOriginal(original, stored.map(showVariant)), 200);
    },
  };
}

/** `PATCH /originals/:id`: what people say of it, not its bytes. */
export function patchOriginal({ originals, library }: OriginalsRouteOptions): Operation {
  return {
    doc: patchDoc,
    handle: async (context) => {
      const id = requestId(context);
      const precondition = readPrecondition(context);
      const notes = readAnnotations(await readJson(context));
      // A picture of the source may be spoken of before anybody has asked for it.
      await originals.find(id);
      const noted = await library.annotate(id, notes, precondition);
      if (noted === null) throw new Failure('missing-original', `No original has the id "${id}"`);
      return json(showOriginal(noted), 200, { ETag: etagOf(noted.version) });
    },
  };
}

/** `DELETE /originals/:id` */
export function deleteOriginal({ library }: OriginalsRouteOptions): Operation {
  return {
    doc: deleteDoc,
    handle: async (context) => {
      const id = requestId(context);
      const removed = await library.remove(id, readPrecondition(context));
      if (!removed) throw new Failure('missing-original', `No original has the id "${id}"`);
      return new Response(null, { status: 204, headers: { 'Cache-Control': 'no-store' } });
    },
  };
}

/** Writes to `/originals/:id/info` and `/originals/:id/variants/:preset`: those ends of a path are no part of an id. */
export function refuseReservedId(): Operation {
  return {
    doc: { summary: 'Refuses an id that ends as another route does.', paths: [], responses: {}, errors: ['bad-words'] },
    handle: (context) => {
      const { path } = requestTarget(context);
      const spelled = path.slice(route.length).split('/');
      const id = idOfSegments(spelled) ?? refuse([mistakenId(spelled, route.length)]);
      return refuse([mistakeAt(route.length, spelled.join('/'), `this id with : instead of slashes, here ${id}`, id)]);
    },
  };
}
