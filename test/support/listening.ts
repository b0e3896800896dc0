import { onTestFinished } from 'vitest';
import type { RequestLine } from '../../src/http/message/request-log.ts';
import type { Fetch } from '../../src/http/router.ts';
import { type ConnectionLimits, type Listening, listen } from '../../src/server/listen.ts';
import { type Given, type Running, startTintype } from './tintype.ts';

export interface OnPort {
  readonly server: Listening;
  readonly port: number;
  readonly log: readonly RequestLine[];
}

/** Whatever answers, on a port of this process until the test ends. */
export async function onPort(fetch: Fetch, patience: Partial<ConnectionLimits> = {}): Promise<OnPort> {
  const log: RequestLine[] = [];
  const server = await listen({ host: '127.0.0.1', port: 0, fetch, log: (line) => log.push(line), patience });
  onTestFinished(async () => {
    await server.end(0);
  });
  return { server, port: server.port, log };
}

/** A whole Tintype on a port of this process, until its `close`. */
export async function tintypeOnPort(
  environment: Readonly<Record<string, string>> = {},
  patience: Partial<ConnectionLimits> = {},
  given: Given = {},
): Promise<Running & { readonly port: number; readonly below: readonly RequestLine[] }> {
  const running = await startTintype(environment, given);
  const below: RequestLine[] = [];
  const log = (line: RequestLine) => void below.push(line);
  const server = await listen({ host: '127.0.0.1', port: 0, fetch: running.tintype.fetch, log, patience });
  return {
    ...running,
    port: server.port,
    below,
    close: async () => {
      await server.end(0);
      await running.close();
    },
  };
}
