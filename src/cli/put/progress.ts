import type { Shell } from '../shell/shell.ts';

/** Milliseconds between two pictures of it. */
const pace = 100;
const barWidth = 24;

export interface Whole {
  readonly files: number;
  readonly bytes: number;
}

/** A bar on a terminal, and nothing where nobody looks. */
export class Progress {
  readonly #shell: Shell;
  readonly #whole: Whole;
  readonly #begun = performance.now();
  #done: Whole & { readonly failed: number } = { files: 0, bytes: 0, failed: 0 };
  #shown = Number.NEGATIVE_INFINITY;

  constructor(shell: Shell, whole: Whole) {
    this.#shell = shell;
    this.#whole = whole;
  }

  add(bytes: number, failed: boolean): void {
    const { files, bytes: before, failed: wrong } = this.#done;
    this.#done = { files: files + 1, bytes: before + bytes, failed: wrong + (failed ? 1 : 0) };
    const now = performance.now();
    if (!this.#shell.terminal.error || now - this.#shown < pace) return;
    this.#shown = now;
    this.#shell.say(`\r\u001b[K${this.#line(now)}`);
  }

  /** A line of its own, above the bar. */
  note(line: string): void {
    this.#shell.say(this.#shell.terminal.error ? `\r\u001b[K${line}\n` : `${line}\n`);
  }

  end(): void {
    if (this.#shell.terminal.error) this.#shell.say('\r\u001b[K');
  }

  #line(now: number): string {
    const { files, bytes, failed } = this.#done;
    const share = this.#whole.bytes === 0 ? 1 : bytes / this.#whole.bytes;
    const seconds = (now - this.#begun) / 1000;
    const left = share === 0 ? 0 : (seconds / share) * (1 - share);
    const full = Math.round(share * barWidth);
    const parts = [
      `[${'█'.repeat(full)}${'·'.repeat(barWidth - full)}]`,
      `${files}/${this.#whole.files}`,
      `${(bytes / 1e6 / Math.max(seconds, 0.001)).toFixed(1)} MB/s`,
      ...(failed === 0 ? [] : [`${failed} failed`]),
      `${Math.ceil(left)} s left`,
    ];
    return parts.join('  ').slice(0, this.#shell.columns() - 1);
  }
}
