import { createClient } from 'redis';

type Client = ReturnType<typeof newClient>;

export interface RedisConnectionOptions {
  readonly url: string;
  /** Milliseconds without a sign of life after which a connection is given up and another is made. */
  readonly timeout: number;
  readonly channels: readonly string[];
  /** In the order in which Redis was told. */
  readonly onMessage: (text: string, channel: string) => void;
  /** From now on something may be said that is not heard. */
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
  // Each of them is seen by what it stops.
  client.on('error', () => {});
  return client;
}

/** Two connections to one Redis, one that asks and one that hears; whichever breaks or falls silent is made again. */
export class RedisConnection {
  readonly #options: RedisConnectionOptions;
  readonly #subscriber: Client;
  #publisher: Client;
  #answeredAt = 0;
  #isHearing = false;

  constructor(options: RedisConnectionOptions) {
    this.#options = options;
    this.#publisher = this.#connect();
    this.#subscriber = newClient(options.url, options.timeout);
    this.#subscriber.on('ready', () => void this.#subscribe().catch(() => {}));
    for (const event of ['error', 'reconnecting', 'end']) this.#subscriber.on(event, () => this.#loseSubscription());
    this.#subscriber.connect().catch(() => {});
  }

  /** What Redis publishes from now on is heard. */
  get isHearing(): boolean {
    return this.#isHearing;
  }

  /** Runs a script. Rejects where Redis is not there or does not answer in time. */
  async run(script: string, keys: readonly string[], words: readonly string[]): Promise<unknown> {
    const mouth = this.#publisher;
    const asked = performance.now();
    let late: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_resolve, reject) => {
      late = setTimeout(() => {
        if (this.#answeredAt < asked && mouth === this.#publisher) this.#connectAgain();
        reject(new Error(`Expected Redis to answer within ${this.#options.timeout} ms`));
      }, this.#options.timeout);
    });
    const answer = mouth.eval(script, { keys: [...keys], arguments: [...words] });
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
    this.#isHearing = false;
  }

  async #subscribe(): Promise<void> {
    const { channels, onMessage } = this.#options;
    await this.#subscriber.subscribe([...channels], onMessage);
    this.#isHearing = this.#subscriber.isReady;
  }

  #loseSubscription(): void {
    this.#isHearing = false;
    this.#options.onDisconnect();
  }

  #connect(): Client {
    const client = newClient(this.#options.url, this.#options.timeout);
    client.connect().catch(() => {});
    return client;
  }

  /** Its own writing keeps a connection alive that nobody answers on. */
  #connectAgain(): void {
    if (this.#publisher.isOpen) this.#publisher.destroy();
    this.#publisher = this.#connect();
  }
}
