import { connect, type Socket } from 'node:net';

/** What is asked of a server, over keep-alive connections. */
export interface Load {
  /** `http://host:port` */
  readonly server: string;
  /** Asked one after another, from the first again when there are fewer of them than `answers`. */
  readonly paths: readonly string[];
  /** Requests in all. */
  readonly answers: number;
  /** Connections, each with one request at a time. */
  readonly connections: number;
  /** What the Cache-Status of every answer has to contain, or a hit might be counted as a miss. */
  readonly cacheStatus: string;
  /** What is sent besides, `Name: value`; then every answer has to be a 304. */
  readonly condition?: string;
}

/** Of a current browser. */
export const accept = 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8';

/** What a CDN sends on behalf of a browser. */
const headers = [
  'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  `Accept: ${accept}`,
  'Accept-Encoding: gzip, br',
  'Accept-Language: en-GB,en;q=0.9',
  'Referer: https://shop.example/catalogue',
  'X-Forwarded-For: 198.51.100.7',
  'X-Forwarded-Proto: https',
];

/**
 * Sends a load, reads every answer to its end and returns the seconds that took. It looks at a status, a length and
 * Cache-Status only: far cheaper than any server, so that a server always has something to do.
 * Throws on every answer but a 200 with that Cache-Status.
 */
export async function send(load: Load): Promise<number> {
  const { host, hostname, port } = new URL(load.server);
  const rest = ` HTTP/1.1\r\nHost: ${host}\r\n${[...headers, ...(load.condition === undefined ? [] : [load.condition])].join('\r\n')}\r\n\r\n`;
  let sent = 0;
  const next = () => (sent === load.answers ? null : `GET ${load.paths[sent++ % load.paths.length] ?? '/'}${rest}`);
  const sockets = Array.from({ length: load.connections }, () => connect({ host: hostname, port: Number(port) }));
  const begun = performance.now();
  await Promise.all(sockets.map((socket) => converse(socket, next, load)));
  return (performance.now() - begun) / 1000;
}

/** Requests and answers on one connection, in turn, until there is no next request. */
function converse(socket: Socket, next: () => string | null, load: Load): Promise<void> {
  return new Promise((resolve, reject) => {
    const answer = new AnswerReader(load);
    const ask = () => {
      const request = next();
      if (request !== null) return socket.write(request);
      socket.destroy();
      return resolve();
    };
    socket.setNoDelay(true);
    socket.on('connect', ask);
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('Expected an answer but the server closed the connection')));
    socket.on('data', (chunk) => {
      try {
        if (answer.isWholeWith(chunk)) ask();
      } catch (error) {
        reject(error);
        socket.destroy();
      }
    });
  });
}

/** Finds the end of each answer of a connection. */
class AnswerReader {
  readonly #load: Load;
  /** A head that has not come whole. */
  #head: Buffer = Buffer.alloc(0);
  /** Bytes of the body still to come. */
  #missing = 0;

  constructor(load: Load) {
    this.#load = load;
  }

  isWholeWith(chunk: Buffer): boolean {
    if (this.#missing > 0) {
      this.#missing -= chunk.byteLength;
      return this.#missing === 0;
    }
    const read = this.#head.byteLength === 0 ? chunk : Buffer.concat([this.#head, chunk]);
    const end = read.indexOf('\r\n\r\n');
    this.#head = end === -1 ? read : Buffer.alloc(0);
    if (end === -1) return false;
    this.#missing = this.#lengthIn(read.toString('latin1', 0, end)) - (read.byteLength - end - 4);
    return this.#missing === 0;
  }

  #lengthIn(head: string): number {
    const { condition, cacheStatus } = this.#load;
    const length = condition === undefined ? /\r\nContent-Length: (\d+)/i.exec(head)?.[1] : '0';
    const status = condition === undefined ? 200 : 304;
    const told = /\r\nCache-Status: ([^\r]*)/i.exec(head)?.[1];
    if (head.startsWith(`HTTP/1.1 ${status} `) && length !== undefined && told?.includes(cacheStatus)) {
      return Number(length);
    }
    throw new Error(`Expected a ${status} with Cache-Status ${cacheStatus} but received ${head}`);
  }
}
