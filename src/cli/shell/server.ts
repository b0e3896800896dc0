import { createReadStream } from 'node:fs';
import { Agent, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { request as requestSecurely, Agent as SecureAgent } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { urlIn } from '../../config/readers.ts';
import { shorten } from '../../errors.ts';
import { CommandError, exitCodeOfStatus, optionalOption } from '../command.ts';
import type { Shell } from './shell.ts';
import { tokenFor } from './token.ts';

/** Where a server listens unless it is told another place. */
export const usualServer = 'http://127.0.0.1:3000';

/** The option and the variables of every command that speaks to a server. */
export const atServer = {
  options: { url: optionalOption('URL', urlIn(), `The server; otherwise TINTYPE_URL, or ${usualServer}.`) },
  environment: {
    TINTYPE_URL: 'The server to speak to, where --url does not say it.',
    TINTYPE_TOKEN:
      'The token, where one is needed. Not set, and with the server on this machine: the one in the folder of TINTYPE_STORE (./data).',
  },
} as const;

/** A file is sent as it is read; text is JSON. */
export type Body = string | { readonly path: string; readonly bytes: number };

export interface SentRequest {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Body;
}

export interface ServerAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A running server, spoken to over HTTP on connections that are kept. */
export interface Server {
  /** `http://host:port`, without a slash at the end. */
  readonly origin: string;
  /** Any status is an answer. Throws `unreachable` where there is none, `usage` for a path that no request can have. */
  send(method: string, path: string, sent?: SentRequest): Promise<ServerAnswer>;
  /** The same, its body a stream that the caller takes or destroys. */
  open(method: string, path: string): Promise<IncomingMessage>;
  /** The JSON of an answer; throws `Trouble` with the server's own sentence for a status that is no success. */
  json(method: string, path: string, body?: unknown): Promise<unknown>;
  close(): void;
}

/** Does something with a server and lets go of it. */
export async function withServer<T>(
  url: string | null,
  shell: Shell,
  work: (server: Server) => Promise<T>,
  connections = 4,
): Promise<T> {
  const server = await openServer(url, shell, connections);
  try {
    return await work(server);
  } finally {
    server.close();
  }
}

async function openServer(given: string | null, shell: Shell, connections: number): Promise<Server> {
  const url = urlOf(given, shell);
  const origin = url.origin + url.pathname.replace(/\/$/, '');
  const token = await tokenFor(url, shell.environment);
  const authorization: Readonly<Record<string, string>> = token === null ? {} : { authorization: `Bearer ${token}` };
  const isSecure = url.protocol === 'https:';
  const agent = new (isSecure ? SecureAgent : Agent)({ keepAlive: true, maxSockets: connections });
  const begin = (method: string, path: string, headers: Readonly<Record<string, string>>): ClientRequest => {
    // As it is written, never normalised; only what no request line can hold is encoded.
    const target = path.replaceAll(/[^\x21-\x7e]/gu, encodeURIComponent);
    const options = { method, agent, headers: { ...authorization, ...headers }, signal: shell.interrupted };
    const hosted = { ...options, host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port };
    return (isSecure ? requestSecurely : request)({ ...hosted, path: url.pathname.replace(/\/$/, '') + target });
  };
  const open = (method: string, path: string, sent: SentRequest = {}) =>
    exchange(begin, origin, { method, path, ...sent });
  const send: Server['send'] = async (method, path, sent) => {
    const message = await open(method, path, sent);
    try {
      return await answerIn(message);
    } catch (cause) {
      throw unreachable(origin, cause);
    }
  };
  return {
    origin,
    send,
    open,
    json: async (method, path, body) => {
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const answer = await send(method, path, sent);
      if (answer.status >= 300) throw refusal(answer);
      return readJson(answer.body, origin);
    },
    close: () => agent.destroy(),
  };
}

/** The whole of it. */
export async function answerIn(message: IncomingMessage): Promise<ServerAnswer> {
  return { status: message.statusCode ?? 0, headers: message.headers, body: await buffer(message) };
}

function urlOf(given: string | null, { environment }: Shell): URL {
  const text = given ?? environment['TINTYPE_URL'] ?? usualServer;
  const read = urlIn().parse(text);
  if (read !== undefined) return new URL(read);
  throw new CommandError('usage', `Expected ${urlIn().expected} for TINTYPE_URL but received "${shorten(text)}"`);
}

interface Exchange extends SentRequest {
  readonly method: string;
  readonly path: string;
}

type Begin = (method: string, path: string, headers: Readonly<Record<string, string>>) => ClientRequest;

/** A server may answer before it has all of a body, and hang up: then the answer counts. */
function exchange(begin: Begin, origin: string, { method, path, headers = {}, body }: Exchange) {
  return new Promise<IncomingMessage>((resolve, reject) => {
    const asked = begin(method, path, { ...headers, ...lengthOf(body) });
    asked.once('response', resolve);
    asked.once('error', (cause) => reject(unreachable(origin, cause)));
    if (body === undefined || typeof body === 'string') {
      asked.end(body);
      return;
    }
    sendFile(asked, body).catch((cause: unknown) => {
      asked.destroy();
      reject(cause instanceof CommandError ? cause : unreachable(origin, cause));
    });
  });
}

/** Just as many bytes as were announced. Throws `failed` where the file cannot be read, or is another by now. */
async function sendFile(asked: ClientRequest, { path, bytes }: Exclude<Body, string>): Promise<void> {
  const file = createReadStream(path, bytes === 0 ? {} : { end: bytes - 1 });
  let trouble: unknown = null;
  file.once('error', (cause) => {
    trouble = cause;
  });
  await pipeline(file, asked, { end: false }).catch((cause: unknown) => {
    throw trouble === null ? cause : unreadable(path, cause);
  });
  if (file.bytesRead !== bytes)
    throw new CommandError('failed', `Expected ${bytes} bytes in ${path} but it has changed`);
  asked.end();
}

export function unreadable(path: string, cause: unknown): CommandError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  return new CommandError('failed', `Expected to read ${path} but received ${code}`, cause);
}

function lengthOf(body: Body | undefined): Readonly<Record<string, string>> {
  if (body === undefined) return {};
  if (typeof body !== 'string') return { 'content-length': String(body.bytes) };
  return { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) };
}

function unreachable(origin: string, cause: unknown): CommandError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  return new CommandError('unreachable', `Expected a Tintype server at ${origin} but received ${code}`, cause);
}

/** What a server said no with, in its own words; anything of a stranger's is made harmless for a terminal. */
export function refusal({ status, headers, body }: ServerAnswer): CommandError {
  const isProblem = headers['content-type']?.startsWith('application/problem+json') === true;
  const detail = isProblem ? detailIn(body) : body.toString('utf8', 0, 200);
  const hint = status === 401 ? '; TINTYPE_TOKEN says which token to bring' : '';
  return new CommandError(exitCodeOfStatus(status), `${status} ${isIgnorable(detail)}${hint}`);
}

/** On one line, and without what a terminal would obey. */
function isIgnorable(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').slice(0, 1000);
}

function detailIn(body: Buffer): string {
  try {
    return String(Object(JSON.parse(body.toString('utf8'))).detail);
  } catch {
    return 'with a body that is no JSON';
  }
}

function readJson(body: Buffer, origin: string): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new CommandError('unreachable', `Expected a Tintype server at ${origin} but received something else`, cause);
  }
}
