import { Failure } from '../errors.ts';
import type { Fetcher } from './source.ts';
import { bytesOfAnswer, type Web } from './web.ts';

/** Fetches images by URL, once. Any status but 200 is `source-unreachable`. */
export function webFetcher(web: Web): Fetcher {
  return {
    async *bring(url) {
      const answer = await web.get(url);
      if (answer.status !== 200) {
        answer.body.destroy();
        throw new Failure('source-unreachable', 'No image could be fetched from this URL');
      }
      yield* bytesOfAnswer(answer);
    },
  };
}
