import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A listener that takes purges as our Varnish does. */
export interface Cdn {
  readonly url: string;
  /** Each `PURGE` it was sent: tags, and `soft` behind them where it was. */
  readonly told: readonly string[];
  /** How it answers from now on; `silence`: not at all. */
  answers(status: number | 'silence'): void;
  close(): Promise<void>;
}

export async function startCdn(): Promise<Cdn> {
  const told: string[] = [];
  let status: number | 'silence' = 200;
  const server = createServer((request, response) => {
    const soft = request.headers['tintype-soft'] === '1' ? ' soft' : '';
    if (request.method === 'PURGE') told.push(`${String(request.headers['surrogate-key'])}${soft}`);
    if (status !== 'silence') response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    told,
    answers: (next) => {
      status = next;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
