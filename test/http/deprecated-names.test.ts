import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/index.ts';
import { type Running, solid, startTintype, withToken } from '../support/tintype.ts';

const boundary = 'edge';

function formOf(fields: Readonly<Record<string, string>>, file: Uint8Array): Uint8Array<ArrayBuffer> {
  const texts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const head = `${texts.join('')}--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="f.png"\r\n\r\n`;
  return new Uint8Array(Buffer.concat([Buffer.from(head), file, Buffer.from(`\r\n--${boundary}--\r\n`)]));
}

describe('An upload that says normalize, the old name of sanitize', () => {
  let server: Running;
  beforeAll(async () => {
    server = await startTintype({ TINTYPE_WORKERS: 'none' });
  });
  afterAll(() => server.close());

  const inQuery = async (words: string) =>
    server.send('PUT', `/originals/query?${words}`, { headers: withToken, body: await solid('#ff0000') });
  const inForm = async (fields: Readonly<Record<string, string>>) =>
    server.send('POST', '/originals', {
      headers: { ...withToken, 'content-type': `multipart/form-data; boundary=${boundary}` },
      body: formOf({ id: 'form', ...fields }, await solid('#00ff00')),
    });
  const inJson = async (members: Readonly<Record<string, unknown>>) => {
    const dataUrl = `data:image/png;base64,${Buffer.from(await solid('#0000ff')).toString('base64')}`;
    return server.send('POST', '/originals', {
      headers: { ...withToken, 'content-type': 'application/json' },
      body: JSON.stringify({ dataUrl, id: 'json', ...members }),
    });
  };
  const uses = async () => {
    const text = await (await server.get('/metrics', withToken)).text();
    return Number(/^tintype_deprecated_total\{name="normalize"\} (\d+)$/m.exec(text)?.[1] ?? 0);
  };

  it('is sanitized as before, whether in a query, a form or JSON, and each use is counted', async () => {
    const answers = [
      await inQuery('normalize=webp'),
      await inForm({ normalize: 'webp' }),
      await inJson({ normalize: 'webp' }),
    ];
    for (const answer of answers) expect([answer.status, await answer.json()]).toMatchObject([201, { format: 'webp' }]);
    expect(await uses()).toBe(3);
    expect(server.reports.filter((sentence) => sentence.startsWith('normalize is deprecated'))).toHaveLength(1);
  });

  it('uses nothing deprecated where it says sanitize', async () => {
    const before = await uses();
    const answers = [
      await inQuery('sanitize=webp'),
      await inForm({ sanitize: 'webp' }),
      await inJson({ sanitize: 'webp' }),
    ];
    for (const answer of answers) expect([answer.status, await answer.json()]).toMatchObject([200, { format: 'webp' }]);
    expect(await uses()).toBe(before);
  });

  it('is a 400 where it says both', async () => {
    const both = { sanitize: 'webp', normalize: 'webp' };
    const answers = [await inQuery('sanitize=webp&normalize=webp'), await inForm(both), await inJson(both)];
    for (const answer of answers) {
      const detail = expect.stringContaining('Expected sanitize alone');
      expect([answer.status, await answer.json()]).toMatchObject([400, { detail }]);
    }
  });
});

describe('TINTYPE_NORMALIZE, the old name of TINTYPE_SANITIZE', () => {
  it('is read, counted, and logged with its replacement', async () => {
    const server = await startTintype({ TINTYPE_WORKERS: 'none', TINTYPE_NORMALIZE: 'webp' });
    expect(await (await server.put('a', await solid('#ff0000'))).json()).toMatchObject({ format: 'webp' });
    const text = await (await server.get('/metrics', withToken)).text();
    expect(text).toContain('tintype_deprecated_total{name="TINTYPE_NORMALIZE"} 1\n');
    expect(server.reports).toEqual([
      expect.stringMatching(/^TINTYPE_NORMALIZE is deprecated .*; use TINTYPE_SANITIZE$/),
    ]);
    await server.close();
  });

  it('is named in the error about its value', () => {
    expect(() => readConfig({ TINTYPE_NORMALIZE: 'all' })).toThrow('for TINTYPE_NORMALIZE but received "all"');
  });

  it('cannot be set beside the new one', () => {
    expect(() => readConfig({ TINTYPE_NORMALIZE: 'off', TINTYPE_SANITIZE: 'strip' })).toThrow(
      'TINTYPE_NORMALIZE is the deprecated name of TINTYPE_SANITIZE; set TINTYPE_SANITIZE only',
    );
  });
});
