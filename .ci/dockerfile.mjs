// Builds and runs the Dockerfile without a container engine: node .ci/dockerfile.mjs NODE_BINARY [plain]
// Each stage is an overlay of this machine's own root (a Debian, as the image is) in which its steps really run, with the
// node that the image names. What the steps must bring is taken out of the overlay first. Where mount is not allowed, or
// "plain" is said, stages are plain folders: apt's and root's steps are left out, and so is what they would prove.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const [nodeBinary = process.execPath, how = ''] = process.argv.slice(2);
const base = mkdtempSync(join(tmpdir(), 'tintype-image-'));
const mounts = [];
const isContained = how !== 'plain' && canMount();
const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

function expect(isTrue, sentence) {
  if (!isTrue) throw new Error(`Expected ${sentence}`);
  console.log(`   ✓ ${sentence}`);
}

/** Instructions with their continuation lines joined. */
function readDockerfile() {
  const text = readFileSync('Dockerfile', 'utf8').replaceAll(/^#.*\n/gm, '').replaceAll(/\\\n\s*/g, ' ');
  return text.split('\n').filter(Boolean).map((line) => ({ word: line.split(' ', 1)[0], rest: line.slice(line.indexOf(' ') + 1).trim() }));
}

function mount(...args) {
  execFileSync('mount', args);
  mounts.push(args.at(-1));
}

function canMount() {
  const [lower, upper, work, root] = ['lower', 'upper', 'work', 'root'].map((part) => join(base, 'try', part));
  for (const folder of [lower, upper, work, root]) mkdirSync(folder, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'overlay', 'overlay', '-o', `lowerdir=${lower},upperdir=${upper},workdir=${work}`, root]);
    execFileSync('umount', [root]);
    return true;
  } catch {
    console.log('   mount is not allowed here: stages are plain folders');
    return false;
  }
}

/** A machine like the base image: this one, with the image's node and its user, without what our steps install. */
function newRoot(name) {
  const [root, upper, work] = ['root', 'upper', 'work'].map((part) => join(base, name, part));
  for (const folder of [root, upper, work]) mkdirSync(folder, { recursive: true });
  const stage = { name, root, folder: '/', environment: {}, user: 'root' };
  if (!isContained) return stage;
  mount('-t', 'overlay', 'overlay', '-o', `lowerdir=/,upperdir=${upper},workdir=${work}`, root);
  mount('-t', 'proc', 'proc', join(root, 'proc'));
  // Nodes of our own instead of the machine's /dev: nothing in here may reach out of the overlay.
  for (const [device, minor] of Object.entries({ null: 3, zero: 5, random: 8, urandom: 9 })) {
    rmSync(join(root, 'dev', device), { force: true });
    execFileSync('mknod', ['-m', '666', join(root, 'dev', device), 'c', '1', String(minor)]);
  }
  rmSync(join(root, 'usr/local/bin/node'), { force: true });
  copyFileSync(nodeBinary, join(root, 'usr/local/bin/node'));
  // Whatever the steps must bring, and whatever they might find of ours.
  for (const folder of ['app', 'data', 'work']) rmSync(join(root, folder), { recursive: true, force: true });
  inside(root, '/', 'dpkg --purge --force-depends libjemalloc2 >/dev/null 2>&1; ldconfig');
  inside(root, '/', 'id node >/dev/null 2>&1 || useradd --non-unique --uid 1000 --create-home node');
  return stage;
}

function inside(root, folder, command, environment = {}) {
  const path = '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin';
  const quiet = { npm_config_loglevel: 'error', DEBIAN_FRONTEND: 'noninteractive' };
  if (isContained) {
    const env = { ...process.env, ...quiet, PATH: path, HOME: '/root', ...environment };
    execute('chroot', [root, 'sh', '-ec', `cd '${folder}' && ${command}`], { env });
  } else if (command.startsWith('npm ')) {
    // Not this machine's own cache: a step cleans it.
    const env = { ...process.env, ...quiet, npm_config_cache: join(base, 'cache') };
    execute('sh', ['-ec', command], { cwd: join(root, folder), env });
  } else console.log(`   left out: ${command}`);
}

/** Says nothing unless it fails. */
function execute(command, words, options) {
  const { status, stdout } = spawnSync(command, words, { ...options, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${words.join(' ')} ended with ${status}\n${stdout}`);
}

/** Whether .dockerignore lets a path in: the last pattern that matches decides. */
function isSent(path) {
  const patterns = readFileSync('.dockerignore', 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const matches = (pattern) => pattern === '*' || path === pattern || path.startsWith(`${pattern}/`);
  return patterns.reduce((sent, line) => (line.startsWith('!') ? sent || matches(line.slice(1)) : sent && !matches(line)), true);
}

function copy(stage, stages, rest) {
  const words = rest.split(/\s+/);
  const from = /^--from=(\w+)$/.exec(words[0])?.[1];
  const target = join(stage.root, stage.folder, words.at(-1));
  for (const source of words.slice(from === undefined ? 0 : 1, -1)) {
    if (from === undefined && !isSent(source)) throw new Error(`Expected .dockerignore to let ${source} in`);
    const path = from === undefined ? source : join(stages.get(from).root, source);
    const isFolder = statSync(path).isDirectory();
    cpSync(path, isFolder ? target : join(target, basename(path)), { recursive: true });
  }
}

function build(steps) {
  const stages = new Map();
  let stage;
  for (const { word, rest } of steps) {
    const begun = performance.now();
    if (word === 'FROM') {
      expect(/^node:(22|24|26)-bookworm-slim( AS \w+)?$/.test(rest), `an LTS of node on a slim Debian: ${rest}`);
      stage = newRoot(/ AS (\w+)$/.exec(rest)?.[1] ?? 'final');
      stages.set(stage.name, stage);
    } else if (word === 'WORKDIR') {
      stage.folder = rest;
      mkdirSync(join(stage.root, rest), { recursive: true });
    } else if (word === 'COPY') copy(stage, stages, rest);
    else if (word === 'RUN') inside(stage.root, stage.folder, rest, stage.environment);
    else if (word === 'ENV') {
      for (const [, name, value] of rest.matchAll(/(\w+)=(\S+)/g)) stage.environment[name] = value;
    } else if (word === 'USER') stage.user = rest;
    else if (word === 'HEALTHCHECK') stage.health = JSON.parse(/CMD (\[.*\])$/.exec(rest)[1]);
    else if (word === 'CMD') stage.command = JSON.parse(rest);
    else if (word !== 'VOLUME' && word !== 'EXPOSE') throw new Error(`Expected an instruction that this script knows but received ${word}`);
    console.log(`   ${word} ${rest.slice(0, 90)}  ${seconds(begun)}`);
  }
  return stage;
}

/** Like `docker run`: the image's user, environment and command, and nothing of ours. */
function start({ root, folder, user, environment }, command, stdio) {
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: `/home/${user}`, ...environment };
  if (!isContained) {
    const plain = { ...env, LD_PRELOAD: '', TINTYPE_STORE: `file:${join(root, 'data')}` };
    return spawn(nodeBinary, command.slice(1), { env: plain, stdio, cwd: join(root, folder) });
  }
  const line = command.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
  return spawn('/usr/sbin/chroot', [`--userspec=${user}:${user}`, root, 'sh', '-c', `cd ${folder} && exec ${line}`], { env, stdio });
}

const ended = (child) => new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}

async function run(image) {
  const port = await freePort();
  const container = { ...image, environment: { ...image.environment, TINTYPE_PORT: port } };
  const server = start(container, image.command, ['ignore', 'ignore', 'pipe']);
  let said = '';
  server.stderr.on('data', (chunk) => (said += chunk));
  const over = ended(server);
  const deadline = performance.now() + 60_000;
  const healthy = () => ended(start(container, image.health, 'ignore')).then((code) => code === 0);
  while (!(await healthy())) {
    if (server.exitCode !== null || performance.now() > deadline) throw new Error(`The image did not start: ${said}`);
  }
  expect(true, 'its health check to pass');
  try {
    const url = `http://127.0.0.1:${port}`;
    // It says that it lives before it has renderers.
    while (!(await fetch(`${url}/readyz`)).ok) {
      if (server.exitCode !== null || performance.now() > deadline) throw new Error(`The image is not ready: ${said}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await use(container, server.pid, url);
  } finally {
    server.kill('SIGTERM');
  }
  expect((await over) === 0, 'an end by SIGTERM with code 0');
}

function checkProcess(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  expect(/^Uid:\t1000\t/m.test(status), 'a server that is not root');
  expect(readFileSync(`/proc/${pid}/maps`, 'utf8').includes('libjemalloc'), 'jemalloc in the server');
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  expect(children.every((child) => readFileSync(`/proc/${child}/maps`, 'utf8').includes('libjemalloc')), 'jemalloc in the renderers');
}

async function use({ root }, pid, url) {
  if (isContained) checkProcess(pid);
  const token = readFileSync(join(root, 'data/token'), 'utf8').trim();
  const headers = { authorization: `Bearer ${token}` };
  const put = await fetch(`${url}/originals/lake`, { method: 'PUT', body: readFileSync('fixtures/sample.jpg'), headers });
  const image = await fetch(`${url}/img/lake/w_400,f_webp`);
  const bytes = (await image.arrayBuffer()).byteLength;
  expect(put.status === 201 && image.status === 200 && bytes > 1000, 'a picture to be stored and answered in another size');
  expect(existsSync(join(root, 'data/o/lake')), 'originals in the volume');
}

function inspect({ root }) {
  const app = join(root, 'app');
  expect(readdirSync(app).sort().join() === '.npmrc,dist,fixtures,node_modules,package-lock.json,package.json', 'nothing in the image but what runs');
  expect(!existsSync(join(app, 'node_modules/vitest')) && !existsSync(join(app, 'node_modules/typescript')), 'no tools of developers');
  if (isContained) expect(inside(root, '/', 'test -e /app/node_modules/dejavu-fonts-ttf/ttf/DejaVuSans.ttf') === undefined, 'the fonts');
  const size = execFileSync('du', ['-sm', app], { encoding: 'utf8' }).split('\t', 1)[0];
  console.log(`   /app has ${size} MB`);
}

try {
  const image = build(readDockerfile());
  inspect(image);
  await run(image);
} finally {
  // What cannot be unmounted throws here, and is not deleted.
  for (const point of mounts.reverse()) execFileSync('umount', [point]);
  rmSync(base, { recursive: true, force: true });
}
