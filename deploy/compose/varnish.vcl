vcl 4.1;

import directors;
import std;
import xkey;

# Varnish in front of Tintype. Purged by TINTYPE_PURGERS=varnish=http://THIS-VARNISH
backend node_1 {
  .host = "tintype-1";
  .port = "3000";
  .connect_timeout = 1s;
  .first_byte_timeout = 31s;
  .between_bytes_timeout = 10s;
  .probe = { .url = "/readyz"; .interval = 1s; .timeout = 3s; .window = 5; .threshold = 1; .initial = 1; }
}

backend node_2 {
  .host = "tintype-2";
  .port = "3000";
  .connect_timeout = 1s;
  .first_byte_timeout = 31s;
  .between_bytes_timeout = 10s;
  .probe = { .url = "/readyz"; .interval = 1s; .timeout = 3s; .window = 5; .threshold = 1; .initial = 1; }
}

backend node_3 {
  .host = "tintype-3";
  .port = "3000";
  .connect_timeout = 1s;
  .first_byte_timeout = 31s;
  .between_bytes_timeout = 10s;
  .probe = { .url = "/readyz"; .interval = 1s; .timeout = 3s; .window = 5; .threshold = 1; .initial = 1; }
}

# Each path goes to one node, which then has it in memory. Other nodes serve it while that one is not ready.
sub vcl_init {
  new nodes = directors.shard();
  nodes.add_backend(node_1);
  nodes.add_backend(node_2);
  nodes.add_backend(node_3);
  nodes.reconfigure();
}

# Addresses that may purge.
acl purgers {
  "localhost";
  "127.0.0.1";
  "::1";
  "tintype-1";
  "tintype-2";
  "tintype-3";
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
  set req.url = regsub(req.url, "\?.*$", "");
  unset req.http.Cookie;
  unset req.http.Accept-Encoding;
  if (req.http.Accept ~ "(?i)(?:^|,)\s*image/avif\s*(?:;\s*(?!q=)[^;,]*)*(?:;\s*q=(?:1(?:\.0{0,3})?|0\.(?=\d{0,2}[1-9])\d{1,3})\s*(?:;[^,]*)?)?(?:,|$)") {
    set req.http.Accept = "image/avif";
  } elsif (req.http.Accept ~ "(?i)(?:^|,)\s*image/webp\s*(?:;\s*(?!q=)[^;,]*)*(?:;\s*q=(?:1(?:\.0{0,3})?|0\.(?=\d{0,2}[1-9])\d{1,3})\s*(?:;[^,]*)?)?(?:,|$)") {
    set req.http.Accept = "image/webp";
  } else {
    unset req.http.Accept;
  }

  # Serve stale during revalidation, and longer while the origin is down.
  if (std.healthy(req.backend_hint)) {
    set req.grace = 86400s;
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
  set beresp.http.xkey = "tintype:every " + beresp.http.Surrogate-Key;
  if (beresp.status >= 400) {
    set beresp.grace = 0s;
  } else {
    set beresp.grace = 604800s;
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
