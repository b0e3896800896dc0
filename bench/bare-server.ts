import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import { pino } from 'pino';
import { accept } from './client.ts';

/**
 * The least that could answer a hit: a `node:http` server that gives one answer to every request, and writes Tintype's
 * log line for it. Takes the answer, headers and all, from the URL in its first argument; what
 * has that answer already, by its ETag, gets a 304 with the headers of one.
 */

/** Headers that belong to a connection, or that node:http sets by itself. */
const notRepeated = new Set(['connection', 'keep-alive', 'date', 'transfer-encoding']);

const logger = pino({ level: 'info', base: null, timestamp: pino.stdTimeFunctions.isoTime });

async function start(source: string): Promise<void> {
  const response = await fetch(source, { headers: { Accept: accept } });
  const body = Buffer.from(await response.arrayBuffer());
  const headers: OutgoingHttpHeaders = Object.fromEntries(
    [...response.headers].filter(([name]) => !notRepeated.has(name)),
  );
  const { 'content-type': _type, 'content-length': _length, ...fresh } = headers;
  const server = createServer((incoming, outgoing) => repeat(incoming, outgoing, { headers, fresh, body }));
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (typeof address === 'object') console.error(`Listens on http://127.0.0.1:${address?.port}`);
  });
}

interface Answer {
  readonly headers: OutgoingHttpHeaders;
  /** Of a 304. */
  readonly fresh: OutgoingHttpHeaders;
  readonly body: Buffer;
}

function repeat(incoming: IncomingMessage, outgoing: ServerResponse, { headers, fresh, body }: Answer): void {
  const begun = performance.now();
  const isFresh = incoming.headers['if-none-match'] === headers['etag'];
  outgoing.writeHead(isFresh ? 304 : 200, isFresh ? fresh : headers);
  outgoing.end(isFresh ? undefined : body);
  const line = {
    method: incoming.method,
    path: incoming.url,
    status: isFresh ? 304 : 200,
    bytes: isFresh ? 0 : body.byteLength,
    milliseconds: Math.round((performance.now() - begun) * 10) / 10,
    id: 'photo',
    tier: 'memory',
  };
  logger.info(line, 'request');
}

await start(process.argv[2] ?? '');
