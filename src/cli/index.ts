import { cdnCommand } from './cdn.ts';
import { cdnVerifyCommand } from './cdn-verify.ts';
import type { Command } from './command.ts';
import { compareCommand } from './compare.ts';
import { completionCommand } from './completion.ts';
import { doctorCommand } from './doctor.ts';
import { explainCommand } from './explain.ts';
import { getCommand } from './get.ts';
import { lifecycleCommand } from './lifecycle.ts';
import { purgeCommand } from './purge.ts';
import { putCommand } from './put.ts';
import { reindexCommand } from './reindex.ts';
import { serveCommand } from './serve.ts';
import { signCommand } from './sign.ts';
import { statsCommand } from './stats.ts';
import { sweepCommand } from './sweep.ts';
import { translateCommand } from './translate.ts';
import { urlCommand } from './url.ts';
import { warmCommand } from './warm.ts';

const listed: readonly Command[] = [
  serveCommand,
  putCommand,
  getCommand,
  urlCommand,
  signCommand,
  explainCommand,
  purgeCommand,
  warmCommand,
  sweepCommand,
  statsCommand,
  cdnCommand,
  cdnVerifyCommand,
  translateCommand,
  compareCommand,
  reindexCommand,
  lifecycleCommand,
  doctorCommand,
];

/** Everything the command line can do, in the order of its help. */
export const commands: readonly Command[] = [...listed, completionCommand(listed)];
