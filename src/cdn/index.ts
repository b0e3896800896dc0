import type { CdnFile } from './cdn.ts';
import { cloudflareFile } from './cloudflare.ts';
import { cloudFrontFile } from './cloudfront.ts';
import { fastlyFile } from './fastly.ts';
import { nginxFile } from './nginx.ts';
import { varnishFile } from './varnish.ts';

/** CDNs whose configuration lists several nodes, with failover. For other CDNs, give the address of a load balancer. */
export const manyOrigins: readonly string[] = ['varnish', 'nginx'];

/** CDNs for which we generate a configuration. */
export const cdnFiles: Readonly<Record<string, CdnFile>> = {
  varnish: varnishFile,
  nginx: nginxFile,
  cloudfront: cloudFrontFile,
  cloudflare: cloudflareFile,
  fastly: fastlyFile,
};
