import { Failure } from '../../errors.ts';
import type { Ingest } from '../../library/intake/ingest.ts';
import type { Library } from '../../library/variants/naming.ts';
import type { Pictures } from '../../library/intake/read-through.ts';
import { checkId } from '../../transform/image-path.ts';
import { json, queryOf } from '../message/json.ts';
import { jsonIn } from '../message/json-body.ts';
import { notesIn } from './annotations.ts';
import { showOriginal, showVariant } from './original-view.ts';
import { tellsOfDelete, tellsOfGet, tellsOfInfo, tellsOfPatch, tellsOfPut } from './docs.ts';
import { type HttpContext, type Operation, targetOf } from '../message/route.ts';
import { sendStored, sendText } from '../image/stored-bytes.ts';
import { type AnsweringParts, answerUpload, wishesOf } from './upload-answer.ts';
import { checkBodyHeaders, digestsOf, focalIn, normalizeIn, preconditionOf, tagsIn } from './upload-body.ts';
import { bodyOf, etagOf } from '../message/body.ts';

export interface OriginalsParts extends AnsweringParts {
  readonly originals: Pictures;
  readonly ingest: Ingest;
  readonly library: Library;
}

const route = '/originals/';

/** The id of `/originals/:id[/rest]`, from the path as it was sent: an encoded id is no id. */
export function idIn(context: HttpContext, rest = ''): string {
  const { path } = targetOf(context);
  const id = checkId(path.slice(route.length, path.length - rest.length), route.length);
  context.set('id', id);
  return id;
}

const putWords = ['tags', 'focal', 'eager', 'normalize'];

/** `PUT /originals/:id` */
export function putOriginal(parts: OriginalsParts): Operation {
  const { ingest, eager } = parts;
  return {
    tells: tellsOfPut,
    handle: async (context) => {
      const id = idIn(context);
      const query = queryOf(context, putWords);
      const wishes = wishesOf(context, query, eager);
      checkBodyHeaders(context, ingest.maxBytes);
      const taken = await ingest.take({
        id,
        body: bodyOf(context),
        ...digestsOf(context),
        tags: tagsIn(query),
        focalPoint: focalIn(query),
        ...normalizeIn(query),
        precondition: preconditionOf(context),
      });
      return answerUpload(taken, wishes, parts);
    },
  };
}

/** `GET, HEAD /originals/:id`: the stored bytes. */
export function getOriginal({ originals }: OriginalsParts): Operation {
  return {
    tells: tellsOfGet,
    handle: async (context) => {
      const query = queryOf(context, ['encoding']);
      const original = await originals.describe(idIn(context));
      if (query.has('encoding')) return sendText(context, { original, originals, encoding: query.get('encoding') });
      return sendStored(context, { original, originals, shared: {} });
    },
  };
}

/** `GET /originals/:id/info` */
export function getOriginalInfo({ originals, library }: OriginalsParts): Operation {
  return {
    tells: tellsOfInfo,
    handle: async (context) => {
      const original = await originals.describe(idIn(context, '/info'));
      const stored = await library.stored(original);
      return json(showOriginal(original, stored.map(showVariant)), 200);
    },
  };
}

/** `PATCH /originals/:id`: what people say of it, not its bytes. */
export function patchOriginal({ originals, library }: OriginalsParts): Operation {
  return {
    tells: tellsOfPatch,
    handle: async (context) => {
      const id = idIn(context);
      const precondition = preconditionOf(context);
      const notes = notesIn(await jsonIn(context));
      // A picture of the source may be spoken of before anybody has asked for it.
      await originals.find(id);
      const noted = await library.annotate(id, notes, precondition);
      if (noted === null) throw new Failure('missing-original', `No original has the id "${id}"`);
      return json(showOriginal(noted), 200, { ETag: etagOf(noted.version) });
    },
  };
}

/** `DELETE /originals/:id` */
export function deleteOriginal({ library }: OriginalsParts): Operation {
  return {
    tells: tellsOfDelete,
    handle: async (context) => {
      const id = idIn(context);
      const removed = await library.remove(id, preconditionOf(context));
      if (!removed) throw new Failure('missing-original', `No original has the id "${id}"`);
      return new Response(null, { status: 204, headers: { 'Cache-Control': 'no-store' } });
    },
  };
}
