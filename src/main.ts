#!/usr/bin/env node
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServerType, serve } from '@hono/node-server';
import { pino } from 'pino';
import { createTintype } from './app.ts';
import { type Config, readConfig } from './config.ts';
import { giveSample } from './sample.ts';
import { findTokens } from './token.ts';

/** Longer than load balancers keep idle connections (60 s and 75 s are usual), or they meet closed ones. */
const keepAliveTimeout = 95_000;
const closeIdleEvery = 100;

async function start(): Promise<void> {
  const config = readConfig(process.env);
  const { tokens, shell } = await findTokens(config);
  const scratchFolder = await mkdtemp(join(tmpdir(), 'tintype-'));
  const logger = pino({ level: config.log, base: null, timestamp: pino.stdTimeFunctions.isoTime });
  const tintype = await createTintype(config, {
    tokens,
    scratchFolder,
    rendererEnvironment: forRenderers(process.env),
    log: (line) => logger.info(line, 'request'),
    report: (sentence, cause) => logger.error({ err: cause }, sentence),
  });
  if (config.store.startsWith('file:')) await giveSample(tintype);
  const server = await listen(config, tintype.fetch);
  console.error(banner(config, server, shell));
  const stop = once(async () => {
    tintype.drain();
    await new Promise((resolve) => setTimeout(resolve, config.drainDelay));
    await drained(server, config.drainTimeout);
    await tintype.close();
    await rm(scratchFolder, { recursive: true, force: true });
    process.exit(0);
  });
  process.on('SIGTERM', stop).on('SIGINT', stop);
}

/** Allocator, folders and fonts are a decoder's business, tokens and credentials are not. */
function forRenderers(environment: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const wanted = /^(PATH|TMPDIR|HOME|LANG|LD_PRELOAD|LD_LIBRARY_PATH|MALLOC_\w+|FONTCONFIG_\w+)$/;
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      wanted.test(name) && value !== undefined ? [[name, value]] : [],
    ),
  );
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

function listen({ host, port }: Config, fetch: Parameters<typeof serve>[0]['fetch']): Promise<ServerType> {
  return new Promise((resolve, reject) => {
    const serverOptions = { keepAliveTimeout, requestTimeout: 300_000, headersTimeout: 10_000 };
    const server = serve({ fetch, hostname: host, port, serverOptions, overrideGlobalObjects: true }, () =>
      resolve(server),
    );
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(cause.code === 'EADDRINUSE' ? new Error(`Expected a free port but ${host}:${port} is taken`) : cause);
    });
  });
}

/** Takes no more connections, lets those finish that are busy, and after `timeout` ms closes what is left. */
async function drained(server: ServerType, timeout: number): Promise<void> {
  if (!('closeIdleConnections' in server)) return;
  const idle = setInterval(() => server.closeIdleConnections(), closeIdleEvery);
  const late = setTimeout(() => server.closeAllConnections(), timeout);
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeIdleConnections();
  });
  clearInterval(idle);
  clearTimeout(late);
}

function banner(config: Config, server: ServerType, shell: string | null): string {
  const address: AddressInfo | string | null = server.address();
  const port = typeof address === 'object' ? address?.port : config.port;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  const url = `http://${host}:${port}`;
  const token = shell ?? '$TINTYPE_TOKEN';
  const sample = config.store.startsWith('file:')
    ? [`See a picture    ${url}/img/sample/w_800,f_webp/sample.webp`]
    : [];
  const put = `curl -T photo.jpg -H "Authorization: Bearer ${token}" ${url}/originals/photo`;
  return [
    `Tintype listens on ${url} and keeps originals in ${config.store}`,
    ...sample,
    `Store your own   ${put}`,
  ].join('\n');
}

function fail(cause: unknown): never {
  console.error(`tintype: ${cause instanceof Error ? cause.message : String(cause)}`);
  process.exit(1);
}

process.on('unhandledRejection', fail);
start().catch(fail);
