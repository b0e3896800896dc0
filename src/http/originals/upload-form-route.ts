import { Failure, shorten } from '../../errors.ts';
import { readQuery } from '../message/json.ts';
import type { OperationDoc } from '../message/operation-docs.ts';
import { type Operation, requestTarget } from '../message/route.ts';
import { formOverhead, readForm } from './form-body.ts';
import { answerUpload } from './upload-answer.ts';
import { checkBodyHeaders } from './upload-body.ts';
import {
  limited,
  nowInSeconds,
  peekToken,
  putUpload,
  storeClaimed,
  type UploadsRouteOptions,
} from './uploads-routes.ts';

export interface UploadFormOptions extends UploadsRouteOptions {
  /** Origins that a form may redirect to (`TINTYPE_CORS`). */
  readonly origins: ReadonlySet<string>;
}

const formSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['file'],
  properties: {
    redirect: { type: 'string', format: 'uri', description: 'Where the browser goes afterwards.' },
    file: { type: 'string', contentMediaType: 'application/octet-stream' },
  },
} as const;

function docOf(putDoc: OperationDoc): OperationDoc {
  const { requestHeaders: _none, responses, ...doc } = putDoc;
  return {
    ...doc,
    summary: 'Stores the picture that an upload token permits, from a plain HTML form.',
    body: {
      means:
        'A form with the picture in `file`. An optional `redirect` is an absolute URL of an origin of `TINTYPE_CORS`.',
      types: ['multipart/form-data'],
      schema: formSchema,
    },
    responses: {
      ...responses,
      303: { description: 'Stored; the browser goes on to `redirect`.', headers: ['Location'] },
    },
  };
}

/** `POST /uploads/:token`: the picture from a form without scripts. A token whose upload was refused can be used again. */
export function postUploadForm(parts: UploadFormOptions): Operation {
  const { ingest, uploadTokens } = parts;
  return {
    doc: docOf(putUpload(parts).doc),
    handle: async (context) => {
      readQuery(context, []);
      const token = requestTarget(context).path.slice('/uploads/'.length);
      const uploadToken = await peekToken(context, parts, token);
      context.set('id', uploadToken.id);
      checkMediaType(context.req.header('content-type') ?? '');
      checkBodyHeaders(context, uploadToken.bytes + formOverhead);
      const wanted = parts.eager.read(uploadToken.presets);
      const { file, fields } = readForm(context, ['redirect']);
      const claimed = await uploadTokens.claim(token, nowInSeconds());
      let redirect: string | null = null;
      const published = await storeClaimed(claimed, (details) =>
        ingest.storeFromForm({
          body: limited(file, uploadToken.bytes),
          precondition: null,
          about: () => {
            redirect = redirectIn(fields.get('redirect'), parts.origins);
            return details;
          },
        }),
      );
      const answer = await answerUpload(published, { wanted, isAsync: false }, parts);
      if (redirect === null) return answer;
      return new Response(null, { status: 303, headers: { Location: redirect, 'Cache-Control': 'no-store' } });
    },
  };
}

function checkMediaType(contentType: string): void {
  const [type = ''] = contentType.toLowerCase().split(';');
  if (type.trim() === 'multipart/form-data') return;
  throw new Failure(
    'not-an-image',
    `Expected multipart/form-data but received "${shorten(type)}"; bytes go to PUT on the same URL`,
  );
}

/** Where the browser goes afterwards; null where the form does not say. Throws `bad-request`: never an open redirect. */
function redirectIn(given: string | undefined, origins: ReadonlySet<string>): string | null {
  if (given === undefined) return null;
  const url = URL.canParse(given) ? new URL(given) : null;
  if (url !== null && origins.has(url.origin) && url.username === '' && url.password === '') return url.href;
  throw new Failure(
    'bad-request',
    `Expected redirect as a URL of an origin of TINTYPE_CORS but received "${shorten(given, 80)}"`,
  );
}
