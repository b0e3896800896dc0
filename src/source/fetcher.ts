import { Failure } from '../errors.ts';
import type { Fetcher } from './source.ts';
import { bytesOfAnswer, type Web } from './web.ts';

/** Fetches what stands at a URL, once; what is not there is as good as unreachable. */
export function webFetcher(web: Web): Fetcher {
  return {
    async *bring(url) {
      const answer = await web.get(url);
      if (answer.status !== 200) {
        answer.body.destroy();
        throw new Failure('source-unreachable', 'Expected a picture from there but received none');
      }
      yield* bytesOfAnswer(answer);
    },
  };
}
