import { createHmac } from 'node:crypto';

/**
 * Signature headers of a webhook, by Standard Webhooks (standardwebhooks.com). `seconds` is Unix time.
 * `secret` is `whsec_` followed by base64, or any text.
 */
export function signedHeaders(
  secret: string,
  message: { readonly id: string; readonly seconds: number; readonly body: string },
) {
  const { id, seconds, body } = message;
  const prefix = 'whsec_';
  const key = secret.startsWith(prefix) ? Buffer.from(secret.slice(prefix.length), 'base64') : Buffer.from(secret);
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': `v1,${signature}` };
}
