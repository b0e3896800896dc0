import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { createTintype, type Surroundings, type Tintype } from '../../src/app/app.ts';
import { readConfig } from '../../src/config/index.ts';
import type { RequestLine } from '../../src/http/message/request-log.ts';
import { letTestsLook } from './looking.ts';

letTestsLook();

export const secret = 'a-token-of-our-own';

interface Sent {
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

/** A whole Tintype in this process, spoken to without a port. */
export interface Running {
  readonly tintype: Tintype;
  readonly log: readonly RequestLine[];
  readonly reports: readonly string[];
  /** Sends a request; a path is taken as it is, never normalised. */
  send(method: string, path: string, init?: Sent): Promise<Response>;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  put(id: string, body: Uint8Array<ArrayBuffer>, headers?: Record<string, string>): Promise<Response>;
  /** Ends this one and starts another on the same store. */
  restart(): Promise<Running>;
  close(): Promise<void>;
}

/** What is given to a server instead of what its environment would make of it. */
export type Given = Pick<Surroundings, 'allowance'>;

/** `environment` as for the real server; the store is a fresh folder unless it says otherwise. */
export async function startTintype(
  environment: Readonly<Record<string, string>> = {},
  given: Given = {},
): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'tintype-test-'));
  return startOn(folder, { TINTYPE_STORE: `file:${folder}/data`, ...environment }, given);
}

async function startOn(folder: string, environment: Readonly<Record<string, string>>, given: Given): Promise<Running> {
  const log: RequestLine[] = [];
  const reports: string[] = [];
  const config = readConfig(environment);
  const tintype = await createTintype(config, {
    ...given,
    tokens: [{ name: 'test', scopes: ['read', 'write', 'purge'], secret }, ...config.tokens],
    scratchFolder: join(folder, 'scratch'),
    rendererEnvironment: {},
    log: (line) => log.push(line),
    report: (sentence) => reports.push(sentence),
  });
  // Where this process renders, it has just closed its own eyes.
  letTestsLook();
  const send: Running['send'] = async (method, path, init = {}) => {
    const request = new Request(`http://tintype.test${path}`, { method, ...init });
    return tintype.fetch(request, { incoming: { url: path } });
  };
  const authorization = { authorization: `Bearer ${secret}` };
  return {
    tintype,
    log,
    reports,
    send,
    get: (path, headers = {}) => send('GET', path, { headers }),
    put: (id, body, headers = {}) =>
      send('PUT', `/originals/${id}`, { body, headers: { ...authorization, ...headers } }),
    restart: async () => {
      await tintype.close();
      return startOn(folder, environment, given);
    },
    close: async () => {
      await tintype.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export const withToken = { authorization: `Bearer ${secret}` } as const;

/** One colour, so that it can be told which upload an answer was made from. */
export async function solid(
  colour: string,
  width = 64,
  height = 48,
  format: 'png' | 'jpeg' = 'png',
): Promise<Uint8Array<ArrayBuffer>> {
  const image = sharp({ create: { width, height, channels: 3, background: colour } });
  return new Uint8Array(await (format === 'png' ? image.png() : image.jpeg()).toBuffer());
}

/** The colour of the pixel in the middle, `#rrggbb`. */
export async function middle(response: Response): Promise<string> {
  const { data, info } = await sharp(Buffer.from(await response.arrayBuffer()))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const at = (Math.floor(info.height / 2) * info.width + Math.floor(info.width / 2)) * info.channels;
  return `#${[...data.subarray(at, at + 3)].map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

export async function sizeOf(response: Response): Promise<readonly [width: number, height: number, format: string]> {
  const { width, height, mediaType } = await sharp(Buffer.from(await response.arrayBuffer())).metadata();
  return [width, height, mediaType ?? 'unknown'];
}

export function header(response: Response, name: string): string {
  return response.headers.get(name) ?? '';
}
