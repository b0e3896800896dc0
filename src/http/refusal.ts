import { type Failure, failures } from '../errors.ts';
import { namesType } from './message/accept.ts';
import { type ProblemOptions, problem } from './message/problem.ts';
import { type HttpContext, requestTarget, type Target } from './message/route.ts';
import { refusalPage, refusalPolicy } from './pages/refusal-page.ts';

export interface RefusalOptions extends ProblemOptions {
  /** The right path for a refused URL of a picture, or null. Never one where URLs need a signature or a preset. */
  readonly suggest: (target: Target) => string | null;
}

/**
 * The answer to a failure. Refusals of `/img` also say their first sentence in a header, since `<img>` hides the body, and name the right
 * URL. A client that names `text/html` gets a page.
 */
export function refusal(failure: Failure, context: HttpContext, options: RefusalOptions): Response {
  const target = requestTarget(context);
  const isImage = target.path.startsWith('/img/');
  if (!isImage && failure.kind !== 'no-route') {
    const varies = context.get('varies') ?? namesAuto(target.path);
    return problem(failure, options, { headers: varies ? { Vary: 'Accept' } : {} });
  }
  const suggestion = suggestionFor(failure, target, options);
  const isPage = namesType(context.req.header('accept'), 'text/html');
  return problem(failure, options, {
    suggestion,
    headers: {
      Vary: 'Accept',
      ...(isImage ? { 'Tintype-Error': headerText(failure.mistakes[0]?.sentence ?? failure.message) } : {}),
      ...(suggestion === null ? {} : { Link: `<${suggestion}>; rel="alternate"` }),
    },
    ...(isPage ? { page: { html: refusalPage(failure, target.path, suggestion), policy: refusalPolicy } } : {}),
  });
}

function suggestionFor(failure: Failure, target: Target, { suggest }: RefusalOptions): string | null {
  const { kind, suggestion } = failure;
  const isReadable = kind === 'bad-words' || kind === 'no-route' || kind === 'missing-preset';
  return suggestion ?? (isReadable && failures[kind].status < 500 ? suggest(target) : null);
}

const maxHeader = 256;

/** Printable ASCII; everything else percent-encoded, and cut. Half a surrogate pair becomes U+FFFD. */
function headerText(sentence: string): string {
  const encoded = Buffer.from(sentence)
    .toString()
    .replaceAll(/[^\x20-\x7e]/gu, (character) => encodeURIComponent(character));
  return encoded.slice(0, maxHeader).replace(/%[0-9A-F]?$/, '');
}

/** Whether a URL that could not be read names `f_auto`: what it answers would depend on Accept. */
function namesAuto(path: string): boolean {
  return /^\/info\/[^/]+\/(?:.*[,/])?f_auto(?:[,/]|$)/.test(path.replaceAll(/%5f/gi, '_').replaceAll(/%2c/gi, ','));
}
