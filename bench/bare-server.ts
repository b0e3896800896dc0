import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import { pino } from 'pino';
import { accept } from './client.ts';

/**
 * The least that could answer hits: a `node:http` server that gives one answer to every request of a path, and writes
 * Tintype's log line for it. Takes the answers, headers and all, from the URLs in its arguments; what
 * has an answer already, by its ETag, gets a 304 with the headers of one.
 */

/** Headers that belong to a connection, or that node:http sets by itself. */
const notRepeated = new Set(['connection', 'keep-alive', 'date', 'transfer-encoding']);

const logger = pino({ level: 'info', base: null, timestamp: pino.stdTimeFunctions.isoTime });

interface Answer {
  readonly headers: OutgoingHttpHeaders;
  /** Of a 304. */
  readonly fresh: OutgoingHttpHeaders;
  readonly body: Buffer;
}

async function answerOf(source: string): Promise<Answer> {
  const response = await fetch(source, { headers: { Accept: accept } });
  const body = Buffer.from(await response.arrayBuffer());
  const headers: OutgoingHttpHeaders = Object.fromEntries(
    [...response.headers].filter(([name]) => !notRepeated.has(name)),
  );
  const { 'content-type': _type, 'content-length': _length, ...fresh } = headers;
  return { headers, fresh, body };
}

async function start(sources: readonly string[]): Promise<void> {
  const answers = new Map<string, Answer>();
  for (const source of sources) answers.set(new URL(source).pathname, await answerOf(source));
  const server = createServer((incoming, outgoing) => {
    const answer = answers.get(incoming.url ?? '');
    if (answer === undefined) outgoing.writeHead(404).end();
    else repeat(incoming, outgoing, answer);
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (typeof address === 'object') console.error(`Listens on http://127.0.0.1:${address?.port}`);
  });
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

await start(process.argv.slice(2));
