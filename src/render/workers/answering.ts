import { Failure } from '../../errors.ts';
import { makeWorkingCopy } from '../pixels/make-working-copy.ts';
import { computePlaceholder } from '../pixels/placeholder.ts';
import { renderAll } from '../pixels/render.ts';
import { search } from '../pixels/search.ts';
import { sanitize } from '../sanitizing/sanitize.ts';
import { assertEncoders, assertLoaders } from '../sharp-setup.ts';
import { validateUpload } from '../validation/validate.ts';
import { asRefusal } from './in-process.ts';
import type { Begun, Ready, TaskAnswer, TaskRequest, Tasks, Unfit } from './protocol.ts';

/** Worker process: runs one task at a time for the server, and exits with it. */

function work(ask: TaskRequest): Promise<Tasks[keyof Tasks]['answers']> {
  switch (ask.task) {
    case 'inspect':
      return validateUpload(ask.asks.path, ask.asks.policy);
    case 'prepare':
      return sanitize(ask.asks);
    case 'render':
      return renderAll(ask.asks);
    case 'search':
      return search(ask.asks);
    case 'copy':
      return makeWorkingCopy(ask.asks);
    case 'placeholder':
      return computePlaceholder(ask.asks);
  }
}

async function answer(ask: TaskRequest): Promise<TaskAnswer> {
  try {
    return { answer: await work(ask).catch(asRefusal) };
  } catch (thrown) {
    const failure = thrown instanceof Failure ? thrown : new Failure('internal', 'A decoder failed', { cause: thrown });
    return {
      failure: failure.kind,
      sentence: failure.message,
      cause: failure.cause instanceof Error ? failure.cause.message : '',
    };
  }
}

function reply(message: TaskAnswer | Begun | Ready | Unfit): void {
  process.send?.(message);
}

// Signals reach the whole process group, but started renders must finish. The server ends its workers itself.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => undefined);
// Native code may block the event loop, so only a signal ends the process reliably.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.on('message', (ask: TaskRequest) => {
  reply({ begun: true });
  void answer(ask).then(reply);
});

try {
  await assertLoaders();
  await assertEncoders();
  reply({ ready: true });
} catch (cause) {
  reply({ unfit: String(cause) });
}
