import type { Server } from 'node:http';

/** Kept-alive connections become idle one by one, so they are looked for again and again. */
const closeIdleEvery = 50;

/**
 * Takes no more connections, lets those finish that are busy, and after `timeout` ms cuts what is left.
 * Says how many were cut.
 */
export async function drained(server: Server, timeout: number, open: () => number): Promise<number> {
  let left = 0;
  const idle = setInterval(() => server.closeIdleConnections(), closeIdleEvery);
  const late = setTimeout(() => {
    left = open();
    server.closeAllConnections();
  }, timeout);
  await new Promise((resolve) => server.close(resolve));
  clearInterval(idle);
  clearTimeout(late);
  return left;
}
