import { type Documented, docsPage } from './docs-page.ts';
import { givePage, type PageFile, packed, pageAnswers, policyOf } from './page-file.ts';
import type { Operation } from '../message/route.ts';

/** It has no script. */
const policy = policyOf(["style-src 'self'", "img-src 'self'"]);

/** `GET /docs`: every word and every request, from the same catalogues as all else that tells of them. */
export function getDocs(documented: () => Documented): Operation {
  let made: Promise<PageFile> | null = null;
  return {
    tells: {
      does: 'The reference, as a page: every word, request, answer and refusal of this server.',
      notes: 'Nothing of it is loaded from elsewhere, and it has no script.',
      honours: ['If-None-Match'],
      answers: pageAnswers('The page.', ['text/html']),
      refuses: [],
    },
    handle: async (context) => {
      made ??= packed(Buffer.from(docsPage(documented())), 'text/html; charset=utf-8');
      return givePage(context, await made, policy);
    },
  };
}
