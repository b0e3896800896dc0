import type { S3Client } from '@aws-sdk/client-s3';

/** The server's clock, from the `Date` header of its responses (RFC 9110 §6.6.1), errors included. */
export class ServerClock {
  #date: number | null = null;
  #receivedAt = 0;

  constructor(client: S3Client) {
    client.middlewareStack.add(
      (next) => async (request) => {
        const result = await next(request);
        this.#read(result.response);
        return result;
      },
      // Runs before the deserializer throws on an error status.
      { step: 'deserialize', priority: 'low', name: 'serverClock' },
    );
  }

  /** Milliseconds since 1970; null before the first response with a date. */
  get now(): number | null {
    return this.#date === null ? null : this.#date + performance.now() - this.#receivedAt;
  }

  #read(response: unknown): void {
    if (typeof response !== 'object' || response === null || !('headers' in response)) return;
    const { headers } = response;
    if (typeof headers !== 'object' || headers === null || !('date' in headers)) return;
    const date = Date.parse(String(headers.date));
    if (Number.isNaN(date)) return;
    this.#date = date;
    this.#receivedAt = performance.now();
  }
}
