import { connect } from 'node:net';
import { connect as connectSecurely } from 'node:tls';

const connectTimeout = 5000;

/** What an address answers first to a line, which may be none: null where it says nothing of itself. Throws where nobody is there. */
export function reach(url: URL, usualPort: number, line: string): Promise<string | null> {
  const target = { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || usualPort) };
  const isSecure = /^(?:rediss|https):$/.test(url.protocol);
  return new Promise((resolve, reject) => {
    const socket = isSecure ? connectSecurely({ ...target, servername: target.host }) : connect(target);
    const end = (settle: () => void) => {
      socket.destroy();
      settle();
    };
    socket.setTimeout(connectTimeout, () => end(() => reject(new Error(`no answer within ${connectTimeout} ms`))));
    socket.once('error', (cause) => end(() => reject(cause)));
    socket.once(isSecure ? 'secureConnect' : 'connect', () => {
      if (line === '') end(() => resolve(null));
      else socket.write(line);
    });
    socket.once('data', (chunk: Buffer) => end(() => resolve(chunk.toString('latin1', 0, 100))));
  });
}
