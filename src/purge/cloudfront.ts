import { type CdnApi, CdnApiError } from './provider.ts';

export interface CloudFrontOptions {
  readonly name: string;
  readonly distribution: string;
  /** Another API than Amazon's own: for tests. */
  readonly endpoint?: string;
}

/** Errors that are over when we are slower, or when Amazon is well again. */
const passing = /^(TooManyInvalidationsInProgress|Throttling|ThrottlingException|ServiceUnavailable|InternalFailure)$/;

/**
 * CloudFront, by cache tag: `CreateInvalidation` takes `#tag` among its paths where the distribution's `CacheTagConfig` names
 * the header, and `/*` for everything (docs.aws.amazon.com, CloudFront Developer Guide: "Invalidating content by cache tags"
 * and "Concurrent invalidation request maximum": 3000 items in progress). It cannot mark stale, compares tags without regard to
 * case, and needs some seconds to be everywhere. Credentials are found as Amazon's own tools find them.
 */
export async function cloudFrontApi({ name, distribution, endpoint }: CloudFrontOptions): Promise<CdnApi> {
  const { CloudFrontClient, CloudFrontServiceException, CreateInvalidationCommand } = await import(
    '@aws-sdk/client-cloudfront'
  );
  // CloudFront is one for the whole world, and its API stands in us-east-1.
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
