import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Signatures } from '../../src/http/auth/signatures.ts';
import { keys } from '../access/signing.ts';

const page = readFileSync(fileURLToPath(new URL('../../docs/access.md', import.meta.url)), 'utf8');
const signatures = new Signatures([keys[1]]);
const cases: readonly (readonly [id: string, rest: string])[] = [
  ['cat', 'w_400/cat.webp'],
  ['products:2026:shoe', 'exp_1900000000,w_9%2Ch_8'],
  ['cat', ''],
];

function block(language: string): string {
  return new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? '';
}

const literal = (text: string) => `"${text}"`;

describe('Ten lines of docs/access.md sign what the server believes:', () => {
  it('of Python', () => {
    for (const [id, rest] of cases) {
      const call = `print(signed(${[id, rest, keys[1]].map(literal).join(', ')}))`;
      const path = execFileSync('python3', ['-c', `${block('python')}\n${call}`], { encoding: 'utf8' }).trim();
      expect([path, signatures.verify(path)]).toEqual([expect.stringContaining(`/img/${id}/s--`), true]);
    }
  });

  it('of PHP', () => {
    for (const [id, rest] of cases) {
      const call = `echo signed(${[id, rest, keys[1]].map(literal).join(', ')});`;
      const code = block('php').replace('<?php', '');
      const path = execFileSync('php', ['-r', `${code}\n${call}`], { encoding: 'utf8' }).trim();
      expect([path, signatures.verify(path)]).toEqual([expect.stringContaining(`/img/${id}/s--`), true]);
    }
  });

  it('and the server signs its own paths alike', () => {
    for (const [id, rest] of cases) {
      const path = signatures.sign(rest === '' ? `/img/${id}` : `/img/${id}/${rest}`);
      expect([path, signatures.verify(path)]).toEqual([expect.stringContaining(`/img/${id}/s--`), true]);
    }
    expect(new Signatures([]).sign('/img/cat/w_9')).toBe('/img/cat/w_9');
  });
});
