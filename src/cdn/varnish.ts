import { everyAnswer } from '../purge/varnish.ts';
import { type CdnSettings, naming, staleIfError, staleWhileRevalidate } from './cdn.ts';

/**
 * Configuration for Varnish 7 with vmod xkey (Debian: varnish, varnish-modules). Varnish itself coalesces misses and
 * honours Vary.
 * The configuration normalizes Accept to three values, maps tags, and sets how long errors and stale responses live.
 */
export function varnishFile({ origin, others, timeout }: CdnSettings): string {
  const nodes = [origin, ...others].map((node, nth) => ({ ...node, name: `node_${nth + 1}` }));
  const tls = origin.secure
    ? '# The origin speaks TLS, which varnishd does not: put a TLS proxy such as hitch between them.\n'
    : '';
  return `vcl 4.1;

import directors;
import std;
import xkey;

# Varnish in front of Tintype. Purged by TINTYPE_PURGERS=varnish=http://THIS-VARNISH
${tls}${nodes.map((node) => backend(node, timeout)).join('\n')}
# Each path goes to one node, which then has it in memory. Other nodes serve it while that one is not ready.
sub vcl_init {
  new nodes = directors.shard();
${nodes.map(({ name }) => `  nodes.add_backend(${name});`).join('\n')}
  nodes.reconfigure();
}

# Addresses that may purge.
acl purgers {
  "localhost";
  "127.0.0.1";
  "::1";
${nodes.map(({ host }) => `  "${host}";`).join('\n')}
}

sub vcl_recv {
  set req.backend_hint = nodes.backend();
  if (req.method == "PURGE" && req.http.Surrogate-Key) {
    if (client.ip !~ purgers) {
      return (synth(405, "Not allowed"));
    }
    if (req.http.Tintype-Soft) {
      set req.http.Tintype-Purged = xkey.softpurge(req.http.Surrogate-Key);
    } else {
      set req.http.Tintype-Purged = xkey.purge(req.http.Surrogate-Key);
    }
    return (synth(200, "Purged"));
  }
  unset req.http.Tintype-Purged;
  if ((req.method != "GET" && req.method != "HEAD") || req.http.Authorization) {
    return (pass);
  }
  if (req.url !~ "^/img/") {
    return (pass);
  }

  # The cache key: the path, and the normalized Accept where the response varies by it.
  set req.url = regsub(req.url, "\\?.*$", "");
  unset req.http.Cookie;
  unset req.http.Accept-Encoding;
  if (req.http.Accept ~ "(?i)${naming('image/avif')}") {
    set req.http.Accept = "image/avif";
  } elsif (req.http.Accept ~ "(?i)${naming('image/webp')}") {
    set req.http.Accept = "image/webp";
  } else {
    unset req.http.Accept;
  }

  # Serve stale during revalidation, and longer while the origin is down.
  if (std.healthy(req.backend_hint)) {
    set req.grace = ${staleWhileRevalidate}s;
  }
  return (hash);
}

sub vcl_backend_fetch {
  # A retry goes to the next node.
  set bereq.backend = nodes.backend(by=HASH, alt=bereq.retries, resolve=NOW);
}

sub vcl_backend_error {
  if ((bereq.method == "GET" || bereq.method == "HEAD") && bereq.retries == 0) {
    return (retry);
  }
}

sub vcl_backend_response {
  if (beresp.status == 503 && (bereq.method == "GET" || bereq.method == "HEAD") && bereq.retries == 0) {
    # The node stops, starts or is overloaded.
    return (retry);
  }
  if (beresp.status >= 500 && bereq.is_bgfetch) {
    # Keep the stale response instead of an error.
    return (abandon);
  }
  if (beresp.http.Cache-Control ~ "no-store|private") {
    # Errors are not cached and not coalesced.
    set beresp.uncacheable = true;
    set beresp.ttl = 1s;
    return (deliver);
  }
  set beresp.http.xkey = "${everyAnswer} " + beresp.http.Surrogate-Key;
  if (beresp.status >= 400) {
    set beresp.grace = 0s;
  } else {
    set beresp.grace = ${staleIfError}s;
  }
}

sub vcl_deliver {
  unset resp.http.xkey;
  if (obj.hits > 0) {
    set resp.http.Cache-Status = resp.http.Cache-Status + ", varnish; hit; ttl=" + obj.ttl;
  } else {
    set resp.http.Cache-Status = resp.http.Cache-Status + ", varnish; fwd=miss";
  }
}

sub vcl_synth {
  if (req.http.Tintype-Purged) {
    set resp.http.Tintype-Purged = req.http.Tintype-Purged;
    set resp.body = "";
    return (deliver);
  }
}
`;
}

interface Node {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/**
 * Backend of one node. Five failed probes in a row mark it as sick, because Varnish sends no request to a sick node,
 * even if it is the last. A node that stops earlier costs a retry, not an error.
 */
const backend = ({ name, host, port }: Node, patience: number) => `backend ${name} {
  .host = "${host}";
  .port = "${port}";
  .connect_timeout = 1s;
  .first_byte_timeout = ${patience}s;
  .between_bytes_timeout = 10s;
  .probe = { .url = "/readyz"; .interval = 1s; .timeout = 3s; .window = 5; .threshold = 1; .initial = 1; }
}
`;
