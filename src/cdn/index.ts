import type { CdnFile } from './cdn.ts';
import { cloudflareFile } from './cloudflare.ts';
import { cloudFrontFile } from './cloudfront.ts';
import { fastlyFile } from './fastly.ts';
import { nginxFile } from './nginx.ts';
import { varnishFile } from './varnish.ts';

/** Those that go on at another node where one fails. Other providers are given one address, that of a load balancer. */
export const manyOrigins: readonly string[] = ['varnish', 'nginx'];

/** Every CDN that we print a configuration for. */
export const cdnFiles: Readonly<Record<string, CdnFile>> = {
  varnish: varnishFile,
  nginx: nginxFile,
  cloudfront: cloudFrontFile,
  cloudflare: cloudflareFile,
  fastly: fastlyFile,
};
