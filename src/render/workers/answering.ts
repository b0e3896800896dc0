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

/** One child: decodes and encodes one picture at a time for the server that started it, and dies with it. */

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

// Ctrl-C and systemd signal the whole group, but renders that have begun are waited for: the server ends us when it is done.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => undefined);
// A decoder may be busy in another thread: only a signal ends it for sure.
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
