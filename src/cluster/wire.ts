import { createClient } from 'redis';

type Client = ReturnType<typeof newClient>;

export interface WireOptions {
  readonly url: string;
  /** Milliseconds without a sign of life after which a connection is given up and another is made. */
  readonly patience: number;
  readonly channels: readonly string[];
  /** In the order in which Redis was told. */
  readonly heard: (text: string, channel: string) => void;
  /** From now on something may be said that is not heard. */
  readonly deaf: () => void;
}

const longestPause = 1000;

function newClient(url: string, patience: number) {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: {
      connectTimeout: patience,
      socketTimeout: patience,
      reconnectStrategy: (tries) => Math.min(longestPause, 50 * 2 ** Math.min(tries, 10)),
    },
  });
  // Each of them is seen by what it stops.
  client.on('error', () => {});
  return client;
}

/** Two connections to one Redis, one that asks and one that hears; whichever breaks or falls silent is made again. */
export class Wire {
  readonly #options: WireOptions;
  readonly #ears: Client;
  #mouth: Client;
  #answeredAt = 0;
  #isHearing = false;

  constructor(options: WireOptions) {
    this.#options = options;
    this.#mouth = this.#connect();
    this.#ears = newClient(options.url, options.patience);
    this.#ears.on('ready', () => void this.#subscribe().catch(() => {}));
    for (const event of ['error', 'reconnecting', 'end']) this.#ears.on(event, () => this.#turnDeaf());
    this.#ears.connect().catch(() => {});
  }

  /** What Redis publishes from now on is heard. */
  get isHearing(): boolean {
    return this.#isHearing;
  }

  /** Runs a script. Rejects where Redis is not there or does not answer in time. */
  async run(script: string, keys: readonly string[], words: readonly string[]): Promise<unknown> {
    const mouth = this.#mouth;
    const asked = performance.now();
    let late: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_resolve, reject) => {
      late = setTimeout(() => {
        if (this.#answeredAt < asked && mouth === this.#mouth) this.#connectAgain();
        reject(new Error(`Expected Redis to answer within ${this.#options.patience} ms`));
      }, this.#options.patience);
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
    for (const client of [this.#mouth, this.#ears]) if (client.isOpen) client.destroy();
    this.#isHearing = false;
  }

  async #subscribe(): Promise<void> {
    const { channels, heard } = this.#options;
    await this.#ears.subscribe([...channels], heard);
    this.#isHearing = this.#ears.isReady;
  }

  #turnDeaf(): void {
    this.#isHearing = false;
    this.#options.deaf();
  }

  #connect(): Client {
    const client = newClient(this.#options.url, this.#options.patience);
    client.connect().catch(() => {});
    return client;
  }

  /** Its own writing keeps a connection alive that nobody answers on. */
  #connectAgain(): void {
    if (this.#mouth.isOpen) this.#mouth.destroy();
    this.#mouth = this.#connect();
  }
}
