import { cdn } from './cdn.ts';
import { cdnVerify } from './cdn-verify.ts';
import type { Command } from './command.ts';
import { doctor } from './doctor.ts';
import { explain } from './explain.ts';
import { get } from './get.ts';
import { lifecycle } from './lifecycle.ts';
import { purge } from './purge.ts';
import { put } from './put.ts';
import { rehearse } from './rehearse.ts';
import { reindex } from './reindex.ts';
import { serve } from './serve.ts';
import { sign } from './sign.ts';
import { stats } from './stats.ts';
import { sweep } from './sweep.ts';
import { translate } from './translate.ts';
import { url } from './url.ts';
import { warm } from './warm.ts';

/** Everything the command line can do, in the order of its help. */
export const commands: readonly Command[] = [
  serve,
  put,
  get,
  url,
  sign,
  explain,
  purge,
  warm,
  sweep,
  stats,
  cdn,
  cdnVerify,
  translate,
  rehearse,
  reindex,
  lifecycle,
  doctor,
];
