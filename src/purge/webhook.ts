import { signedHeaders } from '../platform/standard-webhook.ts';
import { send } from './http.ts';
import type { CdnApi } from './provider.ts';

export interface WebhookOptions {
  readonly name: string;
  readonly url: string;
  /** `whsec_` and base64, or any text. */
  readonly secret: string;
}

/**
 * Purges any other CDN through a program of the operator, by a POST signed as Standard Webhooks (standardwebhooks.com).
 * Body: `{"type":"purge","timestamp":…,"data":{"keys":["img:cat"],"everything":false,"soft":false}}`. A 2xx response
 * confirms it.
 */
export function webhookApi({ name, url, secret }: WebhookOptions): CdnApi {
  return {
    name,
    maxKeys: 1000,
    canSoften: () => true,
    send: async ({ keys, soft, reference, signal }) => {
      const now = Date.now();
      const everything = keys === 'everything';
      const data = { keys: everything ? [] : keys, everything, soft };
      const body = JSON.stringify({ type: 'purge', timestamp: new Date(now).toISOString(), data });
      const signed = signedHeaders(secret, { id: reference, seconds: Math.floor(now / 1000), body });
      await send(url, { headers: { 'content-type': 'application/json', ...signed }, body, signal });
    },
  };
}
