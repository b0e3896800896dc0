import { authorityOf, autoPath, type CdnSettings, naming } from './cdn.ts';

const hour = 3600;

/**
 * nginx (1.19 or newer) configuration for its `http` block. nginx itself honours s-maxage, no-store,
 * stale-while-revalidate and stale-if-error.
 * The cache key holds the normalized Accept where the response depends on it, because nginx varies by the raw header.
 * The key uses the path as sent: `$uri` is decoded and merged, so two different URLs could share an entry.
 */
export function nginxFile(settings: CdnSettings): string {
  const { timeout, largestUpload, edge } = settings;
  const longs =
    edge > hour
      ? '# TINTYPE_PURGERS is set, so responses may be cached for a year. nginx cannot be purged:\n# use it only in front of a server without TINTYPE_PURGERS, or behind the CDN that is purged.\n'
      : '';
  const scheme = settings.origin.secure ? 'https' : 'http';
  // Without max_fails=0, nginx would skip an overloaded node (503) for 10 s, and answer 502 once all are skipped.
  const servers = [settings.origin, ...settings.others].map((node) => `  server ${authorityOf(node)} max_fails=0;`);
  return `# nginx in front of Tintype: a file for /etc/nginx/conf.d
${longs}proxy_cache_path /var/cache/nginx/tintype levels=1:2 keys_zone=tintype:32m max_size=10g inactive=30d use_temp_path=off;

map $request_uri $tintype_path {
  default $request_uri;
  "~^(?<tintype_before>[^?]*)\\?" $tintype_before;
}

map $tintype_path $tintype_auto {
  default "";
  "~${autoPath(settings)}" auto;
}

map $http_accept $tintype_accept {
  default "";
  "~*${naming('image/avif')}" image/avif;
  "~*${naming('image/webp')}" image/webp;
}

map $tintype_auto $tintype_bucket {
  default "";
  auto $tintype_accept;
}

map $upstream_cache_status $tintype_status {
  default "nginx; fwd=miss";
  HIT "nginx; hit";
  REVALIDATED "nginx; hit; detail=revalidated";
  STALE "nginx; hit; detail=stale";
  UPDATING "nginx; hit; detail=updating";
}

upstream tintype {
${servers.join('\n')}
  keepalive 32;
}

server {
  listen 8080;
  client_max_body_size ${largestUpload};

  proxy_http_version 1.1;
  proxy_set_header Connection "";
  proxy_set_header Host $http_host;
  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
  proxy_connect_timeout 1s;
  # If a node stops, starts or is overloaded, try the next one, once. nginx never repeats a POST or PATCH.
  proxy_next_upstream error timeout http_502 http_503;
  proxy_next_upstream_tries 2;
  proxy_read_timeout ${timeout}s;

  location / {
    proxy_pass ${scheme}://tintype;
    proxy_request_buffering off;
  }

  location ~ ^/img/ {
    proxy_pass ${scheme}://tintype;
    proxy_set_header Connection "";
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header Accept $tintype_accept;
    proxy_set_header Cookie "";

    proxy_cache tintype;
    proxy_cache_key $tintype_path|$tintype_bucket;
    proxy_cache_bypass $http_authorization;
    proxy_no_cache $http_authorization;
    proxy_ignore_headers Vary;
    proxy_cache_revalidate on;
    proxy_cache_background_update on;
    proxy_cache_use_stale error timeout updating http_500 http_502 http_503 http_504;
    proxy_cache_lock on;
    proxy_cache_lock_timeout ${timeout}s;
    proxy_cache_lock_age ${timeout}s;
    add_header Cache-Status $tintype_status always;
  }
}
`;
}
