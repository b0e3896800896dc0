import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { composeVcl } from '../docs/compose-vcl.ts';

it('Varnish takes the file of the compose setup, with names that it can look up', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tintype-vcl-'));
  // It compiles as a user of its own.
  await chmod(folder, 0o755);
  const file = join(folder, 'nodes.vcl');
  await writeFile(
    file,
    composeVcl(() => '127.0.0.1'),
  );
  const { stderr } = await promisify(execFile)('varnishd', ['-C', '-n', folder, '-f', file], { maxBuffer: 2 ** 24 });
  expect(stderr).toContain('node_3');
  await rm(folder, { recursive: true, force: true });
});
