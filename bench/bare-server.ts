import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import { pino } from 'pino';
import { accept } from './client.ts';

/**
 * The least that could answer a hit: a `node:http` server that gives one answer to every request, and writes Tintype's
 * log line for it. Takes the answer, headers and all, from the URL in its first argument.
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
  const server = createServer((incoming, outgoing) => repeat(incoming, outgoing, { headers, body }));
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (typeof address === 'object') console.error(`Listens on http://127.0.0.1:${address?.port}`);
  });
}

interface Answer {
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

function repeat(incoming: IncomingMessage, outgoing: ServerResponse, { headers, body }: Answer): void {
  const begun = performance.now();
  outgoing.writeHead(200, headers);
  outgoing.end(body);
  const line = {
    method: incoming.method,
    path: incoming.url,
    status: 200,
    bytes: body.byteLength,
    milliseconds: Math.round((performance.now() - begun) * 10) / 10,
    id: 'photo',
    tier: 'memory',
  };
  logger.info(line, 'request');
}

await start(process.argv[2] ?? '');
