import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const version = '3.1.1';

/** As its own documentation serves a folder, on a free port. */
const program = `
import { createServer } from 'node:http';
import { createIPX, createIPXNodeServer, ipxFSStorage } from 'ipx';
const handle = createIPXNodeServer(createIPX({ storage: ipxFSStorage({ dir: process.argv[2] }) }));
const server = createServer(handle).listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

export interface Peer {
  readonly origin: string;
  close(): Promise<void>;
}

/** IPX of the registry over a folder of pictures: installed in a folder that goes with it, in a process of its own. */
export async function startIpx(pictures: string): Promise<Peer> {
  const folder = await mkdtemp(join(tmpdir(), 'tintype-ipx-'));
  await writeFile(join(folder, 'package.json'), '{"private":true,"type":"module"}');
  await writeFile(join(folder, 'serve.js'), program);
  await promisify(execFile)('npm', ['install', '--silent', '--no-audit', '--no-fund', `ipx@${version}`], {
    cwd: folder,
  });
  const server = spawn(process.execPath, ['serve.js', pictures], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = (await once(server.stdout, 'data')) as [Buffer];
  return {
    origin: `http://127.0.0.1:${said.toString().trim()}`,
    close: async () => {
      server.kill();
      await once(server, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
