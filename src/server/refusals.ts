import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import { Failure, failures, shorten } from '../errors.ts';
import { readableByAll } from '../http/message/cors.ts';
import { problemText } from '../http/message/problem.ts';

/** What node's parser and timers say, as a refusal; null = the connection broke and nobody is there to be told. */
export function refusalOf(error: NodeJS.ErrnoException): Failure | null {
  switch (error.code) {
    case 'ECONNRESET':
    case 'EPIPE':
      return null;
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Failure('too-slow', 'Expected the request sooner');
    case 'HPE_HEADER_OVERFLOW':
      return new Failure('headers-too-big', 'Expected at most 16 kB of header fields');
    case 'HPE_INVALID_EOF_STATE':
      return new Failure('digest-differs', 'Expected the whole request but the connection ended before it');
    default:
      return new Failure('bad-request', 'Expected a request of HTTP/1.1');
  }
}

/** The same refusal where there is no answer object: as it goes over the wire. */
export function wireText(failure: Failure): string {
  const { status } = failures[failure.kind];
  const body = problemText(failure);
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    ...Object.entries(headersOf(failure, body)).map(([name, value]) => `${name}: ${value}`),
    `Date: ${new Date().toUTCString()}`,
    'Connection: close',
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

export function answerWith(failure: Failure, outgoing: ServerResponse): void {
  const body = problemText(failure);
  outgoing.shouldKeepAlive = false;
  outgoing.writeHead(failures[failure.kind].status, headersOf(failure, body)).end(body);
}

function headersOf(failure: Failure, body: string): Readonly<Record<string, string>> {
  return {
    'Content-Type': 'application/problem+json',
    'Content-Length': String(Buffer.byteLength(body)),
    'Cache-Control': failures[failure.kind].cacheControl,
    'X-Content-Type-Options': 'nosniff',
    ...readableByAll,
  };
}

const plainHost = /^[a-z0-9._-]+(:\d{1,5})?$/;

/** What node lets through and HTTP does not: two hosts, none, a host that is none, a target that is no path, another version. */
export function flawOf({ rawHeaders, headers, httpVersion, url = '' }: IncomingMessage): Failure | null {
  if (httpVersion !== '1.1' && httpVersion !== '1.0') return bad(`HTTP/1.1 but received HTTP/${shorten(httpVersion)}`);
  // RFC 9112 §3.2: exactly one Host, in HTTP/1.0 at most one.
  if (hostsIn(rawHeaders) > 1) return bad('one Host but received several');
  const { host } = headers;
  if (host === undefined ? httpVersion === '1.1' : !isHost(host)) return bad('a host as Host');
  return isTarget(url) ? null : bad(`a path but received "${shorten(url)}"`);
}

/** Every request pays for this, so it makes nothing. */
function hostsIn(rawHeaders: readonly string[]): number {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts;
}

/** A path, or a URL of ours with one; a backslash is a slash to some who parse URLs. */
function isTarget(url: string): boolean {
  if (!url.startsWith('/') && !/^https?:\/\/[^/?#]/i.test(url)) return false;
  const backslash = url.indexOf('\\');
  return backslash === -1 || url.lastIndexOf('?', backslash) !== -1;
}

function isHost(host: string): boolean {
  return plainHost.test(host) || (/^[A-Za-z0-9._~:[\]-]+$/.test(host) && URL.canParse(`http://${host}/`));
}

function bad(expected: string): Failure {
  return new Failure('bad-request', `Expected ${expected}`);
}
