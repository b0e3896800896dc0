import { createClient } from 'redis';

type Client = ReturnType<typeof newClient>;

export interface RedisConnectionOptions {
  readonly url: string;
  /** Milliseconds without a response after which the connection is replaced. Also the connect timeout. */
  readonly timeout: number;
  readonly channels: readonly string[];
  /** Called in the order of publication. */
  readonly onMessage: (text: string, channel: string) => void;
  /** Called when the subscription breaks: later messages may be missed. */
  readonly onDisconnect: () => void;
}

const maxPause = 1000;

function newClient(url: string, patience: number) {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: {
      connectTimeout: patience,
      socketTimeout: patience,
      reconnectStrategy: (tries) => Math.min(maxPause, 50 * 2 ** Math.min(tries, 10)),
    },
  });
  // Errors surface in the calls that fail.
  client.on('error', () => {});
  return client;
}

/**
 * Two connections to one Redis: one for commands, one for the subscription. Both reconnect when they break or fall
 * silent.
 */
export class RedisConnection {
  readonly #options: RedisConnectionOptions;
  readonly #subscriber: Client;
  #publisher: Client;
  #answeredAt = 0;
  #isSubscribed = false;

  constructor(options: RedisConnectionOptions) {
    this.#options = options;
    this.#publisher = this.#connect();
    this.#subscriber = newClient(options.url, options.timeout);
    this.#subscriber.on('ready', () => void this.#subscribe().catch(() => {}));
    for (const event of ['error', 'reconnecting', 'end']) this.#subscriber.on(event, () => this.#loseSubscription());
    this.#subscriber.connect().catch(() => {});
  }

  /** Whether the subscription is active. */
  get isSubscribed(): boolean {
    return this.#isSubscribed;
  }

  /** Runs a Lua script. Rejects if Redis is unreachable or does not answer within the timeout. */
  async run(script: string, keys: readonly string[], words: readonly string[]): Promise<unknown> {
    const publisher = this.#publisher;
    const asked = performance.now();
    let late: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_resolve, reject) => {
      late = setTimeout(() => {
        if (this.#answeredAt < asked && publisher === this.#publisher) this.#connectAgain();
        reject(new Error(`Redis did not answer within ${this.#options.timeout} ms`));
      }, this.#options.timeout);
    });
    const answer = publisher.eval(script, { keys: [...keys], arguments: [...words] });
    try {
      const said = await Promise.race([answer, silence]);
      this.#answeredAt = performance.now();
      return said;
    } finally {
      clearTimeout(late);
    }
  }

  close(): void {
    for (const client of [this.#publisher, this.#subscriber]) if (client.isOpen) client.destroy();
    this.#isSubscribed = false;
  }

  async #subscribe(): Promise<void> {
    const { channels, onMessage } = this.#options;
    await this.#subscriber.subscribe([...channels], onMessage);
    this.#isSubscribed = this.#subscriber.isReady;
  }

  #loseSubscription(): void {
    this.#isSubscribed = false;
    this.#options.onDisconnect();
  }

  #connect(): Client {
    const client = newClient(this.#options.url, this.#options.timeout);
    client.connect().catch(() => {});
    return client;
  }

  /** Replaces a connection without answers. Its socket timeout never fires, since our own writes reset it. */
  #connectAgain(): void {
    if (this.#publisher.isOpen) this.#publisher.destroy();
    this.#publisher = this.#connect();
  }
}
