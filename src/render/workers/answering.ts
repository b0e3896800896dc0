import { Failure } from '../../errors.ts';
import { makeCopy } from '../pixels/make-working-copy.ts';
import { inspect } from '../validation/validate.ts';
import { renderAll } from '../pixels/render.ts';
import { asRefusal } from './in-process.ts';
import { assertEncoders, assertLoaders } from '../sharp-setup.ts';
import { look } from '../pixels/placeholder.ts';
import { prepare } from '../sanitizing/sanitize.ts';
import { search } from '../pixels/search.ts';
import type { Answer, Ask, Begun, Ready, Tasks, Unfit } from './protocol.ts';

/** One child: decodes and encodes one picture at a time for the server that started it, and dies with it. */

function work(ask: Ask): Promise<Tasks[keyof Tasks]['answers']> {
  switch (ask.task) {
    case 'inspect':
      return inspect(ask.asks.path, ask.asks.policy);
    case 'prepare':
      return prepare(ask.asks);
    case 'render':
      return renderAll(ask.asks);
    case 'search':
      return search(ask.asks);
    case 'copy':
      return makeCopy(ask.asks);
    case 'look':
      return look(ask.asks);
  }
}

async function answer(ask: Ask): Promise<Answer> {
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

function say(message: Answer | Begun | Ready | Unfit): void {
  process.send?.(message);
}

// Ctrl-C and systemd signal the whole group, but renders that have begun are waited for: the server ends us when it is done.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => undefined);
// A decoder may be busy in another thread: only a signal ends it for sure.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.on('message', (ask: Ask) => {
  say({ begun: true });
  void answer(ask).then(say);
});

try {
  await assertLoaders();
  await assertEncoders();
  say({ ready: true });
} catch (cause) {
  say({ unfit: String(cause) });
}
