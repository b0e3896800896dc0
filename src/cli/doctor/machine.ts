import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { maxOpenFiles, memoryAtHand } from '../../platform/os-limits.ts';
import { type Check, type CheckContext, type Finding, failed, passed, warning } from './check.ts';

/** Files that a busy server has open: connections, pictures, pipes. */
const enoughFiles = 4096;
const gigabyte = 2 ** 30;

/** What the machine lets a server have. */
export const machineCheck: Check = {
  name: 'machine',
  run: async (context) => [files(), memory(context), await scratch(context)],
};

function files(): Finding {
  const most = maxOpenFiles();
  const said = Number.isFinite(most) ? `${most} may be open` : 'as many as the system has';
  return most >= enoughFiles
    ? passed('open files', said)
    : warning(
        'open files',
        `${said}, which bounds connections`,
        `ulimit -n ${enoughFiles * 4}, or LimitNOFILE in a unit`,
      );
}

function memory({ config }: CheckContext): Finding {
  const has = memoryAtHand();
  const said = `${(has / gigabyte).toFixed(1)} GB for the server and its ${config.renders} rendering processes`;
  return has >= gigabyte
    ? passed('memory', said)
    : warning('memory', said, 'Give it a gigabyte, or set TINTYPE_RENDERS=1 and TINTYPE_WORKERS=none');
}

async function scratch({ config }: CheckContext): Promise<Finding> {
  const { bavail, bsize } = await statfs(tmpdir());
  const free = bavail * bsize;
  const said = `${(free / gigabyte).toFixed(1)} GB free in ${tmpdir()}`;
  return free >= Math.min(config.scratch, config.maxBytes)
    ? passed('scratch', said)
    : failed(
        'scratch',
        `${said}, less than one upload may have`,
        'Make room, or set TMPDIR to a folder of a larger disk',
      );
}
