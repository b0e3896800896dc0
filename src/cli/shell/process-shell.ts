import { once, setMaxListeners } from 'node:events';
import type { Shell } from './shell.ts';

/** The shell that started this process. */
export function processShell(): Shell {
  const { stdout, stderr, env } = process;
  // Whoever read us has seen enough, as `head` has: that is no failure of ours.
  stdout.on('error', (cause: NodeJS.ErrnoException) => process.exit(cause.code === 'EPIPE' ? 0 : 1));
  const interruption = new AbortController();
  // Every request under way listens to it.
  setMaxListeners(0, interruption.signal);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      interruption.abort();
      // The second one does not wait.
      process.once(signal, () => process.exit(130));
    });
  }
  return {
    environment: env,
    terminal: { out: stdout.isTTY, error: stderr.isTTY },
    columns: () => stderr.columns ?? 80,
    write: async (bytes) => {
      if (!stdout.write(bytes)) await once(stdout, 'drain');
    },
    say: (text) => void stderr.write(text),
    interrupted: interruption.signal,
  };
}
