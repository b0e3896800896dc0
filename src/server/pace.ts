import type { Socket } from 'node:net';
import type { Exchange } from './exchanges.ts';

/** How slow a client may be before it is let go. */
export interface PaceLimits {
  /** Milliseconds in which nothing need move. */
  readonly grace: number;
  /** Bytes per second that must move on average after that. */
  readonly minRate: number;
}

type Side = 'sends' | 'reads';

/** A stretch of time through which we wait for the client. */
interface Stretch {
  readonly side: Side;
  readonly since: number;
  /** The connection's byte counter when it began. */
  readonly from: number;
}

/** Watches connections for clients that send their body, or take their answer, drop by drop. */
export class TransferPace {
  readonly #limits: PaceLimits;
  readonly #stretches = new WeakMap<Socket, Stretch>();

  constructor(limits: PaceLimits) {
    this.#limits = limits;
  }

  /** To be asked every second or so: what the client keeps us waiting with, and for too long; null = nothing. */
  tooSlow(socket: Socket, exchange: Exchange | null, now: number): Side | null {
    const side = waitingFor(socket, exchange);
    const known = this.#stretches.get(socket);
    if (side === null) {
      this.#stretches.delete(socket);
      return null;
    }
    if (known?.side !== side) {
      this.#stretches.set(socket, { side, since: now, from: moved(side, socket) });
      return null;
    }
    const { grace, minRate } = this.#limits;
    const allowed = grace + ((moved(side, socket) - known.from) / minRate) * 1000;
    return now - known.since > allowed ? side : null;
  }
}

function waitingFor(socket: Socket, exchange: Exchange | null): Side | null {
  if (socket.writableLength > 0) return 'reads';
  if (exchange === null || !exchange.hasBody || exchange.outgoing.headersSent) return null;
  const { incoming } = exchange;
  // A full buffer is our own slowness.
  if (incoming.complete || incoming.readableLength >= incoming.readableHighWaterMark) return null;
  return 'sends';
}

function moved(side: Side, socket: Socket): number {
  return side === 'sends' ? socket.bytesRead : taken(socket);
}

/** Bytes that the kernel has taken. How far a single big write is, node tells on its handle alone; its timeouts look there too. */
function taken(socket: Socket): number {
  const { _handle: handle } = socket as {
    readonly _handle?: { readonly bytesWritten: number; readonly writeQueueSize: number } | null;
  };
  return handle == null ? socket.bytesWritten : handle.bytesWritten - handle.writeQueueSize;
}
