/** What a command has around it. */
export interface Shell {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether people see stdout, and stderr, as it is written. */
  readonly terminal: { readonly out: boolean; readonly error: boolean };
  /** Characters of a line on stderr. */
  readonly columns: () => number;
  /** Writes to stdout; resolves when more may come. */
  write(bytes: string | Uint8Array): Promise<void>;
  /** Writes to stderr, as it is. */
  say(text: string): void;
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly interrupted: AbortSignal;
}
