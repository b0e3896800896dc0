import { type CdnSettings, naming, staleIfError, staleWhileRevalidate } from './cdn.ts';

/**
 * Main VCL of a Fastly service, with Fastly's macros (www.fastly.com/documentation/guides/vcl). Fastly itself honours
 * Vary, s-maxage and Surrogate-Key, and coalesces misses. Purge with TINTYPE_PURGERS=fastly=SERVICE. Set `.shield` of
 * the backend for a shield; normalizing Accept twice is harmless.
 */
export function fastlyFile({ origin, timeout }: CdnSettings): string {
  const { host, port, secure } = origin;
  const tls = secure ? `\n  .ssl = true;\n  .ssl_cert_hostname = "${host}";\n  .ssl_sni_hostname = "${host}";` : '';
  return `# Fastly in front of Tintype
backend F_tintype {
  .host = "${host}";
  .port = "${port}";${tls}
  .connect_timeout = 1s;
  .first_byte_timeout = ${timeout}s;
  .between_bytes_timeout = 10s;
  .dynamic = true;
  .share_key = "tintype";
}

sub vcl_recv {
  set req.backend = F_tintype;
  #FASTLY recv
  if (req.method != "HEAD" && req.method != "GET" && req.method != "FASTLYPURGE") {
    return(pass);
  }
  if (req.http.Authorization || req.url.path !~ "^/img/") {
    return(pass);
  }
  set req.url = req.url.path;
  unset req.http.Cookie;
  if (req.http.Accept ~ "(?i)${naming('image/avif')}") {
    set req.http.Accept = "image/avif";
  } else if (req.http.Accept ~ "(?i)${naming('image/webp')}") {
    set req.http.Accept = "image/webp";
  } else {
    unset req.http.Accept;
  }
  return(lookup);
}

sub vcl_hash {
  set req.hash += req.url;
  set req.hash += req.http.host;
  #FASTLY hash
  return(hash);
}

sub vcl_hit {
  #FASTLY hit
  return(deliver);
}

sub vcl_miss {
  #FASTLY miss
  return(fetch);
}

sub vcl_pass {
  #FASTLY pass
  return(pass);
}

sub vcl_fetch {
  #FASTLY fetch
  if (beresp.status >= 500 && stale.exists) {
    return(deliver_stale);
  }
  if (beresp.http.Cache-Control ~ "no-store|private") {
    return(pass);
  }
  if (beresp.status < 400) {
    set beresp.stale_while_revalidate = ${staleWhileRevalidate}s;
    set beresp.stale_if_error = ${staleIfError}s;
  }
  return(deliver);
}

sub vcl_error {
  #FASTLY error
  if (obj.status >= 500 && obj.status < 600 && stale.exists) {
    return(deliver_stale);
  }
  return(deliver);
}

sub vcl_deliver {
  #FASTLY deliver
  return(deliver);
}

sub vcl_log {
  #FASTLY log
}
`;
}
