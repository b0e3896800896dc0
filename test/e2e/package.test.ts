import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { dependencies } from '../docs/licences.ts';
import { fixtureBytes } from '../support/photo.ts';
import { newProject, type Project, run } from './support/packed.ts';

/** The package as whoever installs it gets it. */

const root = fileURLToPath(new URL('../../', import.meta.url));
const lines = [20, 22, 24];
const ours = Number(process.versions.node.split('.')[0]);

let project: Project;
/** What judges it, and the other lines of Node; nothing of ours. */
let tools: Project;

beforeAll(async () => {
  [project, tools] = await Promise.all([newProject(), newProject()]);
  const nodes = lines
    .filter((line) => line !== ours)
    .map((line) => `node${line}@npm:node-linux-${process.arch}@${line}`);
  const judges = ['@arethetypeswrong/cli@0.18.5', '@cyclonedx/cyclonedx-library@10.3.0'];
  await Promise.all([project.install([project.tarball]), tools.install([...judges, ...nodes], '--omit=optional')]);
  await mkdir(join(project.folder, 'photos/shoes'), { recursive: true });
  await writeFile(join(project.folder, 'photos/shoes/red.jpg'), fixtureBytes('scene.jpg'));
});
afterAll(() => Promise.all([project?.remove(), tools?.remove()]));

/** An environment in which `node` is of a line, and nothing is written but into the project. */
function environmentOf(line: number): NodeJS.ProcessEnv {
  const node = line === ours ? process.execPath : join(tools.folder, `node_modules/node${line}/bin/node`);
  return { PATH: `${dirname(node)}:${process.env['PATH']}`, HOME: project.folder };
}

/** Starts a command of the project and waits until it says where it listens; ends it and all it has started. */
async function listening(command: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const [program = '', ...words] = command;
  const child = spawn(program, words, { cwd: project.folder, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(async () => {
    process.kill(-(child.pid ?? 0), 'SIGTERM');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      const url = /listens on (http:\/\/\S+)/.exec(said)?.[1];
      if (url !== undefined) resolve(url);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', () => reject(new Error(`Expected ${command.join(' ')} to listen but it said: ${said}`)));
  });
}

describe.each(lines)('On Node %i', (line) => {
  it('serves the pictures of a folder with one command', async () => {
    const env = environmentOf(line);
    expect((await run('node', ['--version'], { env })).stdout).toMatch(new RegExp(`^v${line}\\.`));
    const url = await listening(['npx', '--no-install', 'tintype', 'serve', 'photos', '--port', '0'], env);
    const answer = await fetch(`${url}/img/shoes:red.jpg/f_avif,w_64/red.avif`);
    const { width, format } = await sharp(new Uint8Array(await answer.arrayBuffer())).metadata();
    expect([answer.status, width, format]).toEqual([200, 64, 'heif']);
  });

  it('gives what it exports', async () => {
    const program = `
      import { createTintype } from 'tintype';
      import { url } from 'tintype/client';
      import { signer } from 'tintype/client/sign';
      import { webSigner } from 'tintype/client/sign-web';
      import { transform } from 'tintype/client/unpic';
      const path = url('cat', { w: 400, f: 'webp' });
      const key = 'k'.repeat(32);
      console.log(typeof createTintype, path === transform('cat', { width: 400 }), signer(key)(path) === await webSigner(key)(path));`;
    const { stdout } = await run('node', ['--input-type=module', '--eval', program], {
      cwd: project.folder,
      env: environmentOf(line),
    });
    expect(stdout.trim()).toBe('function true true');
  });
});

describe('The package', () => {
  it('has nothing to complain of for publint', async () => {
    const tarball = await readFile(project.tarball);
    const pack = { tarball: tarball.buffer.slice(tarball.byteOffset, tarball.byteOffset + tarball.byteLength) };
    const { messages, pkg } = await publint({ strict: true, pack });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  it('has types that are found wherever modules are', async () => {
    const attw = join(tools.folder, 'node_modules/.bin/attw');
    const judged = run(attw, [project.tarball, '--profile', 'esm-only', '--no-color']);
    expect(await judged.then(({ stderr }) => stderr)).toBe('');
  });

  it.each(['nodenext', 'bundler'])(
    'compiles in a project that resolves as %s, and a wrong value does not',
    async (resolution) => {
      const file = join(project.folder, `page-${resolution}.ts`);
      await writeFile(
        file,
        "import { url } from 'tintype/client';\nurl('cat', { w: 400, c: 'fill', b: 'gold' });\n// @ts-expect-error\nurl('cat', { c: 'cover' });\n// @ts-expect-error\nurl('cat', { b: 'nocolour' });\n",
      );
      const kind = resolution === 'bundler' ? 'esnext' : resolution;
      const how = [
        '--strict',
        '--noEmit',
        '--target',
        'es2023',
        '--types',
        '',
        '--module',
        kind,
        '--moduleResolution',
        resolution,
      ];
      const compiled = await run(join(root, 'node_modules/.bin/tsc'), [...how, file], { cwd: project.folder }).catch(
        (thrown) => thrown,
      );
      expect(compiled.stdout).toBe('');
    },
  );

  it('is shipped without sources, tests and what a build left behind', async () => {
    const { stdout } = await run('tar', ['tzf', project.tarball]);
    const files = stdout
      .trim()
      .split('\n')
      .map((file) => file.replace('package/', ''));
    const ours =
      /^(dist\/.*\.(js|d\.ts|html|css|svg)|fixtures\/(?:animation\.gif|logo\.png|portrait\.jpg|sample\.jpg)|package\.json|README\.md|LICENSE)$/;
    expect(files.filter((file) => !ours.test(file))).toEqual([]);
  });

  it('has a bill of materials that is CycloneDX and leaves nothing out', async () => {
    const bill = JSON.parse(
      (await run('npm', ['run', '--silent', 'sbom'], { cwd: root, maxBuffer: 64_000_000 })).stdout,
    );
    const schemas = join(tools.folder, 'node_modules/@cyclonedx/cyclonedx-library/res/schema');
    const schema = async (name: string) =>
      JSON.parse(await readFile(join(schemas, `${name}.SNAPSHOT.schema.json`), 'utf8'));
    const ajv = new Ajv({ strict: false, validateFormats: false });
    for (const name of ['spdx', 'jsf-0.82']) {
      ajv.addSchema(await schema(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
    }
    const isBill = ajv.compile(await schema('bom-1.5'));
    expect(isBill(bill) ? [] : isBill.errors).toEqual([]);
    expect(isBill({ ...bill, components: [{ name: 'nothing else' }] })).toBe(false);
    expect(bill).toMatchObject({
      specVersion: '1.5',
      metadata: { component: { name: 'tintype', type: 'application' } },
    });
    const listed = bill.components.map(({ name, version }: { name: string; version: string }) => `${name}@${version}`);
    expect(
      dependencies()
        .map(({ name, version }) => `${name}@${version}`)
        .filter((one) => !listed.includes(one)),
    ).toEqual([]);
  });
});
