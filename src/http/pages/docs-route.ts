import type { Operation } from '../message/route.ts';
import { type DocsPageOptions, docsPage } from './docs-page.ts';
import { givePage, type PageFile, packed, pageAnswers, policyOf } from './page-file.ts';

/** It has no script. */
const policy = policyOf(["style-src 'self'", "img-src 'self'"]);

/** `GET /docs`: every word and every request, from the same catalogues as all else that tells of them. */
export function getDocs(documented: () => DocsPageOptions): Operation {
  let made: Promise<PageFile> | null = null;
  return {
    doc: {
      summary: 'The reference, as a page: every word, request, answer and refusal of this server.',
      description: 'Nothing of it is loaded from elsewhere, and it has no script.',
      requestHeaders: ['If-None-Match'],
      responses: pageAnswers('The page.', ['text/html']),
      errors: [],
    },
    handle: async (context) => {
      made ??= packed(Buffer.from(docsPage(documented())), 'text/html; charset=utf-8');
      return givePage(context, await made, policy);
    },
  };
}
