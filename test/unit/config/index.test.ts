import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readConfig, settings } from '../../../src/config/index.ts';
import { builtInPresets, readPresets } from '../../../src/transform/presets.ts';

describe('Without a variable', () => {
  it('every setting has the default that the table says', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      store: 'file:./data',
      variants: null,
      token: null,
      tokens: [],
      memory: 128 * 2 ** 20,
      deadline: 10_000,
      maxBytes: 100 * 2 ** 20,
      maxPixels: 50_000_000,
      maxFrames: 256,
      maxOutput: 40_000_000,
      svg: 'off',
      drainDelay: 0,
      drainTimeout: 10_000,
      log: 'info',
    });
  });

  it('every default is one that its own row would take', () => {
    for (const { name, fallback, read } of Object.values(settings)) {
      if (fallback !== null) expect([name, read.parse(fallback)]).not.toEqual([name, undefined]);
    }
  });
});

describe('A value is read:', () => {
  it.each([
    ['TINTYPE_PORT', '0', 'port', 0],
    ['TINTYPE_MEMORY', '0B', 'memory', 0],
    ['TINTYPE_MEMORY', '1.5GB', 'memory', 1.5 * 2 ** 30],
    ['TINTYPE_DEADLINE', '1.5s', 'deadline', 1500],
    ['TINTYPE_DRAIN_DELAY', '2m', 'drainDelay', 120_000],
    ['TINTYPE_MAX_PIXELS', '12.5MP', 'maxPixels', 12_500_000],
    ['TINTYPE_FORMATS', 'png,jpg', 'formats', ['png', 'jpg']],
    ['TINTYPE_S3_FORCE_PATH_STYLE', 'true', 's3ForcePathStyle', true],
    ['TINTYPE_S3_ENDPOINT', 'http://127.0.0.1:9000', 's3Endpoint', 'http://127.0.0.1:9000'],
    ['TINTYPE_TOKEN', 'x'.repeat(256), 'token', 'x'.repeat(256)],
    ['TINTYPE_PRESETS', ' {"thumb":null,"mine":"w_9"}', 'presets', { thumb: null, mine: 'w_9' }],
    [
      'TINTYPE_TOKENS',
      'ci:read+write:0123456789abcdef,app:purge:fedcba9876543210:with-colons',
      'tokens',
      [
        { name: 'ci', scopes: ['read', 'write'], secret: '0123456789abcdef' },
        { name: 'app', scopes: ['purge'], secret: 'fedcba9876543210:with-colons' },
      ],
    ],
  ] as const)('%s=%s', (name, text, key, value) => {
    expect(readConfig({ [name]: text })[key]).toEqual(value);
  });

  it('presets may stand in a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tintype-config-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'presets.json'), '{"mine":"w_9"}');
    expect(readConfig({ TINTYPE_PRESETS: join(folder, 'presets.json') }).presets).toEqual({ mine: 'w_9' });
  });
});

describe('Threat K6: a bad value is refused in one sentence that names the variable:', () => {
  it.each([
    ['TINTYPE_MEMROY', '1', 'Unknown variable TINTYPE_MEMROY; docs/configuration.md lists all there are'],
    ['TINTYPE_PORT', '70000', 'Expected an integer from 0 to 65535 for TINTYPE_PORT but received "70000"'],
    ['TINTYPE_PORT', '', 'Expected an integer from 0 to 65535 for TINTYPE_PORT but received ""'],
    ['TINTYPE_PORT', '0x50', 'Expected an integer from 0 to 65535'],
    ['TINTYPE_PORT', '-1', 'Expected an integer from 0 to 65535'],
    ['PORT', 'http', 'Expected an integer from 0 to 65535 for PORT but received "http"'],
    ['TINTYPE_HOST', '', 'Expected some text for TINTYPE_HOST'],
    [
      'TINTYPE_MEMORY',
      '64 MB',
      'Expected a size such as 64MB (B, KB, MB, GB, TB) for TINTYPE_MEMORY but received "64 MB"',
    ],
    ['TINTYPE_MEMORY', '64', 'Expected a size'],
    ['TINTYPE_MEMORY', '64mb', 'Expected a size'],
    ['TINTYPE_MEMORY', '-1MB', 'Expected a size'],
    ['TINTYPE_MEMORY', '1e3MB', 'Expected a size'],
    ['TINTYPE_MAX_BYTES', '1B', 'Expected a size'],
    ['TINTYPE_WORKER_MEMORY', '1MB', 'Expected a size'],
    [
      'TINTYPE_DEADLINE',
      '10',
      'Expected a time such as 30s (ms, s, m, h, d) from 100 to 600000 ms for TINTYPE_DEADLINE',
    ],
    ['TINTYPE_DEADLINE', '1ms', 'Expected a time'],
    ['TINTYPE_DEADLINE', '1d', 'Expected a time'],
    ['TINTYPE_QUEUE', '1.5', 'Expected an integer from 0 to 1000000 for TINTYPE_QUEUE'],
    ['TINTYPE_RENDERS', '0', 'Expected an integer from 1 to 256 for TINTYPE_RENDERS'],
    ['TINTYPE_MAX_PIXELS', '50', 'Expected megapixels such as 50MP'],
    ['TINTYPE_MAX_FRAMES', '0', 'Expected an integer from 1 to 10000'],
    [
      'TINTYPE_FORMATS',
      'jpg,heic',
      'Expected a list of jpg, png, webp, avif, gif, tiff joined by commas for TINTYPE_FORMATS but received "jpg,heic"',
    ],
    ['TINTYPE_FORMATS', 'jpg,', 'Expected a list'],
    ['TINTYPE_SVG', 'on', 'Expected one of off, raster for TINTYPE_SVG but received "on"'],
    ['TINTYPE_LOG', 'loud', 'Expected one of debug, info, warn, error, silent'],
    ['TINTYPE_WORKERS', 'threads', 'Expected one of process, none'],
    ['TINTYPE_CANONICAL', 'yes', 'Expected one of serve, redirect'],
    ['TINTYPE_WIDTHS', 'snap:', 'Expected free, or snap: or list:'],
    ['TINTYPE_S3_FORCE_PATH_STYLE', 'yes', 'Expected true or false for TINTYPE_S3_FORCE_PATH_STYLE but received "yes"'],
    ['TINTYPE_S3_ENDPOINT', 's3.example.com', 'Expected a URL such as https://s3.example.com for TINTYPE_S3_ENDPOINT'],
    [
      'TINTYPE_PRESETS',
      '{"a":1}',
      'Expected JSON (or a file with JSON) that maps preset names to components or null for TINTYPE_PRESETS',
    ],
    ['TINTYPE_PRESETS', '{', 'Expected JSON'],
    ['TINTYPE_PRESETS', '/nowhere/presets.json', 'Expected JSON'],
    ['TINTYPE_LOG', 'two\nlines', 'but received "two\\nlines"'],
    ['TINTYPE_LOG', 'x'.repeat(500), `but received "${'x'.repeat(80)}…"`],
  ])('%s=%j', (name, text, sentence) => {
    expect(() => readConfig({ [name]: text })).toThrow(sentence);
  });

  it.each([
    ['TINTYPE_TOKEN', 'short-secret'],
    ['TINTYPE_TOKEN', 'a secret with spaces'],
    ['TINTYPE_TOKEN', 'ein-Schlüssel-für-uns'],
    ['TINTYPE_TOKEN', 'secret'.repeat(50)],
    ['TINTYPE_TOKENS', 'ci:admin:secret-secret-secret'],
    ['TINTYPE_TOKENS', 'ci:read:secret-short'],
    ['TINTYPE_TOKENS', 'read:secret-secret-secret'],
    ['TINTYPE_TOKENS', 'ci:read:secret-secret-secret,'],
    ['TINTYPE_TOKENS', 'c i:read:secret-secret-secret'],
    ['TINTYPE_TOKENS', 'ci:read+read,write:secret-secret-secret'],
  ])('%s=%j, whose value is never shown', (name, text) => {
    let said = '';
    try {
      readConfig({ [name]: text });
    } catch (cause) {
      said = String(cause);
    }
    expect(said).toMatch(new RegExp(`^Error: Expected .* for ${name} but received something else$`));
    expect(said).not.toMatch(/secret-|Schl|secretsecret|a secret/);
  });

  it.each([
    [{ thumb: 'w_0' }, 'behind preset "thumb"'],
    [{ Webp: 'w_1' }, 'Expected a preset name'],
    [{ webp: 'w_1' }, 'Expected a preset name'],
    [{ w: 'w_1' }, 'Expected a preset name'],
    [{ mine: 'other' }, 'Unknown preset'],
  ])('presets %j', (presets, sentence) => {
    expect(() => readPresets({ ...builtInPresets, ...presets })).toThrow(sentence);
  });
});

describe('TINTYPE_URL, which the command line reads', () => {
  it('stops no server', () => {
    expect(readConfig({ TINTYPE_URL: 'http://127.0.0.1:3000' }).port).toBe(3000);
  });
});

describe('What Kubernetes and platforms set for a service of our name', () => {
  it('is left alone', () => {
    const services = {
      TINTYPE_SERVICE_HOST: '10.0.0.1',
      TINTYPE_SERVICE_PORT: '80',
      TINTYPE_SERVICE_PORT_HTTP: '80',
      TINTYPE_PORT: 'tcp://10.0.0.1:80',
      TINTYPE_PORT_80_TCP: 'tcp://10.0.0.1:80',
      TINTYPE_PORT_80_TCP_PROTO: 'tcp',
      TINTYPE_PORT_80_TCP_ADDR: '10.0.0.1',
    };
    expect(readConfig(services).port).toBe(3000);
    expect(readConfig({ ...services, PORT: '8080' }).port).toBe(8080);
  });

  it('is not taken for what it is not', () => {
    expect(() => readConfig({ TINTYPE_PORTS: '1' })).toThrow('Unknown variable TINTYPE_PORTS');
    expect(() => readConfig({ TINTYPE_SERVICEHOST: 'x' })).toThrow('Unknown variable');
  });

  it('PORT is the port, unless ours says another', () => {
    expect(readConfig({ PORT: '8080' }).port).toBe(8080);
    expect(readConfig({ PORT: '8080', TINTYPE_PORT: '9090' }).port).toBe(9090);
  });
});
