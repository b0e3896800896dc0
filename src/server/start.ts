import { rmSync } from 'node:fs';
import { lstat, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { Logger } from 'pino';
import type { Tintype } from '../app/app.ts';
import { hasSamples } from '../config/front-page.ts';
import { type Config, readConfig } from '../config/index.ts';

import { sampled } from '../http/message/log-sampler.ts';
import type { RequestLine } from '../http/message/request-log.ts';
import { answerWhileStarting } from '../http/starting.ts';
import { LogDestination, writeBeforeEnd } from '../observability/log-destination.ts';
import { openLog } from '../observability/logger.ts';
import { connectionsFor, maxOpenFiles } from '../platform/os-limits.ts';
import { ownFolder } from '../store/folder/own-folder.ts';
import { type Banner, printBanner } from './banner.ts';
import { defaultConnectionLimits, type Listening, listen } from './listen.ts';
import { addSampleImages } from './sample-images.ts';
import { readTokens } from './tokens.ts';

/**
 * Milliseconds between a signal and closing idle connections, at least: a request that was sent before the signal may still
 * be in the kernel's buffers, and its connection looks idle.
 */
const minDelay = 100;

type Environment = Readonly<Record<string, string | undefined>>;

/** Runs the server until a signal ends it: from the environment to a socket, and back. */
export async function startServer(): Promise<void> {
  await start(process.env, 'text').catch(fail);
}

/** Resolves once it listens; then a signal ends the process. Throws Error of one sentence where it cannot start. */
export async function start(environment: Environment, greeting: Banner): Promise<void> {
  const config = readConfig(environment);
  const destination = new LogDestination(process.stdout);
  process.on('exit', () => destination.end());
  process.on('unhandledRejection', crash).on('uncaughtException', crash);
  const { tokens, shell } = await readTokens(config);
  const logger = openLog(config.log, destination);
  const sample = sampled((line) => logger.info(line, 'request'));
  let requestMetrics: Tintype['metrics'] | null = null;
  const log = (line: RequestLine) => {
    requestMetrics?.request(line);
    sample(line);
  };
  // Whoever asks meanwhile is told that we live: modules take half a second to load, and stores their own time to open.
  let answer = answerWhileStarting;
  const server = await listen({
    host: config.host,
    port: config.port,
    fetch: (request, bindings) => answer(request, bindings),
    log,
    patience: { connections: Math.min(defaultConnectionLimits.connections, connectionsFor(maxOpenFiles())) },
  });
  const { createTintype } = await import('../app/app.ts');
  const scratchFolder = await ownScratch();
  process.on('exit', () => rmSync(scratchFolder, { recursive: true, force: true }));
  const tintype = await createTintype(config, {
    tokens,
    scratchFolder,
    // Their temporary files go when ours go, however they end.
    rendererEnvironment: { ...forRenderers(environment), TMPDIR: scratchFolder },
    log: sample,
    report: (sentence, cause) => logger.error({ err: cause }, sentence),
  });
  if (hasSamples(config)) await addSampleImages(tintype);
  requestMetrics = tintype.metrics;
  requestMetrics.watchProcess();
  requestMetrics.watchLog(destination);
  answer = tintype.fetch;
  const { metricsPort: port } = config;
  const metrics =
    port === null ? null : await listen({ host: config.host, port, fetch: tintype.fetchMetrics, log: sample });
  printBanner(greeting, { config, port: server.port, shell });
  const stop = once(async () => {
    await end({ tintype, server, config, logger });
    await metrics?.end(0);
    process.exit(0);
  });
  process.on('SIGTERM', stop).on('SIGINT', stop);
}

/**
 * A folder of this process alone, beside those of its like: what a killed one left there is removed by the next.
 * @throws Error where somebody else has taken the place.
 */
async function ownScratch(): Promise<string> {
  const uid = process.getuid?.() ?? 0;
  const parent = join(tmpdir(), `tintype-${uid}`);
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const found = await lstat(parent);
  if (!found.isDirectory() || found.uid !== uid) throw new Error(`Expected ${parent} to be a folder of our own`);
  return ownFolder(parent, 'run');
}

interface Parts {
  readonly tintype: Tintype;
  readonly server: Listening;
  readonly config: Config;
  readonly logger: Logger;
}

/** Not ready and closing connections, then deaf, then done. */
async function end({ tintype, server, config, logger }: Parts): Promise<void> {
  tintype.drain();
  server.beginEnd();
  await new Promise((resolve) => setTimeout(resolve, Math.max(config.drainDelay, minDelay)));
  const left = await server.end(config.drainTimeout);
  if (left > 0) logger.warn({ connections: left }, 'Connections were cut at the end of TINTYPE_DRAIN_TIMEOUT');
  await tintype.close();
}

/** A rendering process works at one picture at a time: more arenas only keep what decoders gave back (`npm run bench:settings`). */
const fewArenas = { MALLOC_ARENA_MAX: '2', MALLOC_CONF: 'narenas:2,dirty_decay_ms:1000,muzzy_decay_ms:0' };

/** Allocator, folders and fonts are a decoder's business, tokens and credentials are not. */
function forRenderers(environment: Environment): Readonly<Record<string, string>> {
  const wanted = /^(PATH|HOME|LANG|LD_PRELOAD|LD_LIBRARY_PATH|MALLOC_\w+|FONTCONFIG_\w+)$/;
  const told = Object.entries(environment).flatMap(([name, value]) =>
    wanted.test(name) && value !== undefined ? [[name, value]] : [],
  );
  return { ...fewArenas, ...Object.fromEntries(told) };
}

/** The second signal does not wait. */
function once(stop: () => Promise<void>): () => void {
  let begun = false;
  return () => {
    if (begun) process.exit(1);
    begun = true;
    stop().catch(fail);
  };
}

function fail(cause: unknown): never {
  writeBeforeEnd(process.stderr, `tintype: ${cause instanceof Error ? cause.message : String(cause)}\n`);
  process.exit(1);
}

/** Ends the process after an error of ours, so that a supervisor starts a new one. */
function crash(cause: unknown): never {
  writeBeforeEnd(process.stderr, `${inspect(cause)}\n`);
  process.exit(1);
}
