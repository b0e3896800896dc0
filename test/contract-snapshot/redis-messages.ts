import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCluster } from '../../src/cluster/index.ts';
import { RedisServer } from '../e2e/support/redis.ts';
import { serverToken, startServer } from '../support/server-process.ts';
import { solid } from '../support/tintype.ts';
import { sorted, stableName } from './stable.ts';

/** What nodes of two versions say to each other: every command with its keys and values, as a real Redis received it. */
export async function redisMessages(): Promise<string> {
  const redis = await RedisServer.start();
  try {
    const monitor = await startMonitor(redis.port);
    await useCluster(redis.url);
    await useQueue(redis.url);
    return sorted((await monitor.end()).flatMap(messageOf));
  } finally {
    await redis.close();
  }
}

/** Two nodes of one name: news and its acknowledgement, a lease, an account, a counter. */
async function useCluster(url: string): Promise<void> {
  const open = () => openCluster(url, { name: 'contract', bound: 0, report: () => {}, onUnreadable: () => {} });
  const [one, other] = await Promise.all([open(), open()]);
  other.listen(() => {});
  for (let round = 0; round < 500 && (one.state !== 'joined' || other.state !== 'joined'); round++) await pause(10);
  await one.publish({ ids: ['cat'] });
  await one.publish({ everything: true });
  await (await one.acquire(['a variant'], 1000))?.release();
  await one.charge(['an account'], 1, 60);
  await one.count('a name', 1000);
  await one.close();
  await other.close();
}

/** A server with a job. */
async function useQueue(url: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tintype-contract-'));
  const store = { TINTYPE_STORE: `file:${folder}/data`, TINTYPE_WORKERS: 'none', TINTYPE_SWEEP_EVERY: '0s' };
  const server = await startServer({ ...store, TINTYPE_REDIS: url }, folder);
  try {
    const headers = { authorization: `Bearer ${serverToken}`, prefer: 'respond-async' };
    const sent = { method: 'PUT', headers, body: await solid('#00ff00') };
    const { headers: answered } = await fetch(`${server.url}/originals/cat?eager=w_9,f_png`, sent);
    for (let round = 0; round < 500; round++) {
      const job = await fetch(server.url + (answered.get('location') ?? ''), { headers });
      if ((await job.text()).includes('"complete"')) break;
      await pause(10);
    }
    await server.end('SIGTERM');
  } finally {
    await server.end('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function startMonitor(port: number) {
  const socket = connect(port, '127.0.0.1', () => socket.write('MONITOR\r\n'));
  let said = '';
  await new Promise((resolve) =>
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
      resolve(null);
    }),
  );
  const end = async (): Promise<readonly string[]> => {
    // Redis shows a command before it answers it, so this is the last.
    socket.write('PING\r\n');
    for (let round = 0; round < 500 && !said.includes('"PING"') && !said.includes('+PONG'); round++) await pause(10);
    socket.destroy();
    return said.split('\r\n');
  };
  return { end };
}

/** Of a connection and its health no node learns anything. */
const ofConnection = new Set(['HELLO', 'CLIENT', 'INFO', 'PING', 'MONITOR', 'EVAL', 'EVALSHA', 'SCRIPT', 'TIME']);

/** What BullMQ keeps is its own: which keys it has is all that is ours to watch. */
function messageOf(line: string): readonly string[] {
  const words = [...line.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word = '']) => withoutNumbers(word));
  const [command = '', key = ''] = words;
  if (command === '' || ofConnection.has(command.toUpperCase())) return [];
  return key.startsWith('bull:') ? [key] : [[command.toUpperCase(), ...words.slice(1)].join(' ')];
}

function withoutNumbers(word: string): string {
  return stableName(word.replaceAll('\\"', '"').replaceAll(/file:\S+\/data(?=\})/g, '<store>'))
    .replaceAll(/-?(?<![\w<])\d+(?:\.\d+)?(?![\w>])/g, '<n>')
    .replaceAll(/<hash>\.<n>/g, '<n>');
}
