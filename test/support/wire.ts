import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection on which every byte is ours. */
export interface Wire {
  readonly socket: Socket;
  send(bytes: string | Uint8Array): void;
  /** All that has come so far. */
  readonly received: () => string;
  /** Waits until what has come matches. */
  until(pattern: RegExp): Promise<string>;
  /** Waits until the other side has closed: `end` in good order, `reset` without. */
  readonly closed: Promise<'end' | 'reset'>;
}

export async function dial(port: number): Promise<Wire> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  await once(socket, 'connect');
  let text = '';
  let finished = false;
  const closed = new Promise<'end' | 'reset'>((resolve) => {
    socket.once('end', () => resolve('end'));
    socket.once('error', () => resolve('reset'));
    socket.once('close', () => resolve('reset'));
  });
  void closed.then(() => {
    finished = true;
    socket.emit('heard');
  });
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    socket.emit('heard');
  });
  return {
    socket,
    send: (bytes) => void socket.write(bytes),
    received: () => text,
    until: async (pattern) => {
      while (!pattern.test(text)) {
        if (finished) throw new Error(`Expected ${pattern} but the connection ended after ${JSON.stringify(text)}`);
        await once(socket, 'heard');
      }
      return text;
    },
    closed,
  };
}

/** Sends one request, waits for the end of the connection, and tells all that came. */
export async function exchange(port: number, request: string | Uint8Array): Promise<string> {
  const wire = await dial(port);
  wire.send(request);
  await wire.closed;
  wire.socket.destroy();
  return wire.received();
}

/** The statuses of all answers in a text. */
export function statuses(text: string): readonly number[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}

/** A request line with header fields, ready to be sent. */
export function head(line: string, fields: Readonly<Record<string, string | number>> = {}): string {
  const all = { Host: 'tintype.test', ...fields };
  return `${line} HTTP/1.1\r\n${Object.entries(all)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`;
}
