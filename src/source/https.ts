import { type CopiedSource, isPath, sourceUnreachable, type Validator } from './source.ts';
import { bytesOfAnswer, type Web, type WebAnswer } from './web.ts';

/** Copies images below a base URL. Validator: ETag or Last-Modified (RFC 9110 §13.1). */
export function webSource(base: string, web: Web): CopiedSource {
  return {
    kind: 'copy',
    name: base,
    async get(path, known) {
      if (!isPath(path)) return null;
      const answer = await web
        .get(base + path.split('/').map(encodeURIComponent).join('/'), conditionOf(known))
        .catch((cause: unknown) => {
          throw sourceUnreachable(cause);
        });
      if (answer.status === 200) return { validator: validatorOf(answer), body: bytesOfAnswer(answer) };
      answer.body.destroy();
      if (answer.status !== 304) return null;
      return known === null ? null : 'same';
    },
    close: () => web.close(),
  };
}

const byDate = 'date:';

function validatorOf({ headers }: WebAnswer): Validator {
  if (typeof headers['etag'] === 'string') return headers['etag'];
  return typeof headers['last-modified'] === 'string' ? byDate + headers['last-modified'] : '';
}

function conditionOf(known: Validator | null): Readonly<Record<string, string>> {
  if (known === null || known === '') return {};
  return known.startsWith(byDate) ? { 'if-modified-since': known.slice(byDate.length) } : { 'if-none-match': known };
}
