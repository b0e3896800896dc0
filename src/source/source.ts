/** Brings pictures that a client names by their URL. */
export interface Fetcher {
  /** The picture's bytes as they come. Throws `forbidden` or `source-unreachable`, each with one sentence for all its reasons. */
  bring(url: string): AsyncIterable<Uint8Array>;
}
