import { autoPath, type CdnSettings, naming } from './cdn.ts';

/** Error statuses whose minimum TTL CloudFront lets us set. Its default is 10 seconds. */
const errors = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];
const yearOfSeconds = 31_536_000;

/**
 * Edge function (cloudfront-js-2.0). It normalizes Accept to `image/avif`, `image/webp` or nothing, and removes it
 * where the response does not vary.
 */
export function cloudFrontFunction(settings: CdnSettings): string {
  return `function handler(event) {
  var request = event.request;
  var accept = request.headers.accept ? request.headers.accept.value : '';
  delete request.headers.accept;
  if (!/${slashed(autoPath(settings))}/.test(request.uri)) return request;
  if (/${slashed(naming('image/avif'))}/i.test(accept)) request.headers.accept = { value: 'image/avif' };
  else if (/${slashed(naming('image/webp'))}/i.test(accept)) request.headers.accept = { value: 'image/webp' };
  return request;
}
`;
}

/** Escapes a pattern for a regular expression literal. */
const slashed = (pattern: string) => pattern.replaceAll('/', '\\/');

/**
 * CloudFormation template for CloudFront: `aws cloudformation deploy --stack-name tintype --template-file FILE`.
 * Sources (docs.aws.amazon.com): AWS::CloudFront::Distribution, CachePolicy, Function, OriginShield, CacheTagConfig.
 * Purge with TINTYPE_PURGERS=cloudfront=DISTRIBUTION, by cache tags. Rules for stale responses come from our
 * Cache-Control.
 */
export function cloudFrontFile(settings: CdnSettings): string {
  const { origin, timeout } = settings;
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'CloudFront in front of Tintype',
    Parameters: {
      ShieldRegion: {
        Type: 'String',
        Default: '',
        Description: 'The region of Origin Shield, nearest to Tintype; empty: none',
      },
    },
    Conditions: { HasShield: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'ShieldRegion' }, ''] }] } },
    Resources: {
      FoldAccept: {
        Type: 'AWS::CloudFront::Function',
        Properties: {
          Name: { 'Fn::Sub': '${AWS::StackName}-fold-accept' },
          AutoPublish: true,
          FunctionConfig: { Comment: 'Accept as three words', Runtime: 'cloudfront-js-2.0' },
          FunctionCode: cloudFrontFunction(settings),
        },
      },
      ImageKey: { Type: 'AWS::CloudFront::CachePolicy', Properties: { CachePolicyConfig: imageKey } },
      Distribution: {
        Type: 'AWS::CloudFront::Distribution',
        Properties: {
          DistributionConfig: {
            Enabled: true,
            HttpVersion: 'http2and3',
            Origins: [originOf(origin, timeout)],
            DefaultCacheBehavior: passedOn,
            CacheBehaviors: [images],
            CustomErrorResponses: errors.map((ErrorCode) => ({ ErrorCode, ErrorCachingMinTTL: 0 })),
            CacheTagConfig: { HeaderName: 'Cache-Tag' },
          },
        },
      },
    },
    Outputs: {
      DistributionId: { Value: { Ref: 'Distribution' } },
      DomainName: { Value: { 'Fn::GetAtt': ['Distribution', 'DomainName'] } },
    },
  };
  return `${JSON.stringify(template, null, 2)}\n`;
}

/** Cache key: the path and the normalized Accept; no cookie, no query. */
const imageKey = {
  Name: { 'Fn::Sub': '${AWS::StackName}-images' },
  MinTTL: 0,
  DefaultTTL: 0,
  MaxTTL: yearOfSeconds,
  ParametersInCacheKeyAndForwardedToOrigin: {
    EnableAcceptEncodingGzip: false,
    EnableAcceptEncodingBrotli: false,
    HeadersConfig: { HeaderBehavior: 'whitelist', Headers: ['Accept'] },
    CookiesConfig: { CookieBehavior: 'none' },
    QueryStringsConfig: { QueryStringBehavior: 'none' },
  },
};

const images = {
  PathPattern: '/img/*',
  TargetOriginId: 'tintype',
  ViewerProtocolPolicy: 'redirect-to-https',
  AllowedMethods: ['GET', 'HEAD', 'OPTIONS'],
  Compress: false,
  CachePolicyId: { Ref: 'ImageKey' },
  FunctionAssociations: [
    { EventType: 'viewer-request', FunctionARN: { 'Fn::GetAtt': ['FoldAccept', 'FunctionMetadata.FunctionARN'] } },
  ],
};

/**
 * Behaviour for all other paths: not cached. Amazon's managed policies CachingDisabled and AllViewerExceptHostHeader.
 */
const passedOn = {
  TargetOriginId: 'tintype',
  ViewerProtocolPolicy: 'redirect-to-https',
  AllowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
  Compress: false,
  CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
  OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
};

function originOf({ host, port, secure }: CdnSettings['origin'], timeout: number) {
  return {
    Id: 'tintype',
    DomainName: host,
    ConnectionTimeout: 2,
    ConnectionAttempts: 2,
    CustomOriginConfig: {
      OriginProtocolPolicy: secure ? 'https-only' : 'http-only',
      ...(secure ? { HTTPSPort: port, OriginSSLProtocols: ['TLSv1.2'] } : { HTTPPort: port }),
      OriginReadTimeout: Math.min(60, timeout),
      OriginKeepaliveTimeout: 60,
    },
    OriginShield: {
      'Fn::If': ['HasShield', { Enabled: true, OriginShieldRegion: { Ref: 'ShieldRegion' } }, { Enabled: false }],
    },
  };
}
