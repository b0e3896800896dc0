import { type CdnApi, CdnApiError } from './provider.ts';

export interface CloudFrontOptions {
  readonly name: string;
  readonly distribution: string;
  /** API address for tests. */
  readonly endpoint?: string;
}

/** Temporary errors: rate limits, and failures of Amazon itself. */
const passing = /^(TooManyInvalidationsInProgress|Throttling|ThrottlingException|ServiceUnavailable|InternalFailure)$/;

/**
 * CloudFront purge API, by cache tag: `CreateInvalidation` with `#tag` as path, or `/*` for everything. The
 * distribution's `CacheTagConfig` must name the header. Soft purge is not supported; tags ignore case; a purge takes
 * some seconds. At most 3000 items in progress (CloudFront Developer Guide: "Invalidating content by cache tags" and
 * "Concurrent invalidation request maximum"). Credentials come from the AWS SDK's default chain.
 */
export async function cloudFrontApi({ name, distribution, endpoint }: CloudFrontOptions): Promise<CdnApi> {
  const { CloudFrontClient, CloudFrontServiceException, CreateInvalidationCommand } = await import(
    '@aws-sdk/client-cloudfront'
  );
  // CloudFront is a global service; its API is in us-east-1.
  const client = new CloudFrontClient({
    region: 'us-east-1',
    maxAttempts: 1,
    ...(endpoint === undefined ? {} : { endpoint }),
  });
  return {
    name,
    maxKeys: 1000,
    canSoften: () => false,
    send: async ({ keys, reference, signal }) => {
      const items = keys === 'everything' ? ['/*'] : keys.map((key) => `#${key}`);
      const batch = { CallerReference: reference, Paths: { Quantity: items.length, Items: items } };
      const command = new CreateInvalidationCommand({ DistributionId: distribution, InvalidationBatch: batch });
      await client.send(command, { abortSignal: signal }).catch((thrown: unknown) => {
        if (!(thrown instanceof CloudFrontServiceException)) throw thrown;
        const status = thrown.$metadata.httpStatusCode ?? 500;
        const passes = status === 408 || status === 429 || status >= 500 || passing.test(thrown.name);
        throw new CdnApiError(`Expected an invalidation but received ${thrown.name}`, { passes });
      });
    },
  };
}
