#!/usr/bin/env node
import { verifyCdn } from '../cdn/verify.ts';

const usage = 'Expected npm run cdn:verify -- URL [--origin=http://host:port], with TINTYPE_TOKEN set to try a purge';

/** Prints what a CDN makes of an image's URL; ends with 1 where something is wrong. */
async function main(words: readonly string[]): Promise<void> {
  const [text, ...rest] = words;
  if (text === undefined || !URL.canParse(text)) throw new Error(usage);
  const origin = rest.find((word) => word.startsWith('--origin='))?.slice('--origin='.length) ?? null;
  const token = process.env['TINTYPE_TOKEN'] ?? null;
  const findings = await verifyCdn({ url: new URL(text), origin, token, request: fetch });
  for (const { what, ok, said } of findings) console.log(`${ok === null ? '–' : ok ? '✓' : '✗'} ${what}: ${said}`);
  if (findings.some(({ ok }) => ok === false)) process.exitCode = 1;
}

main(process.argv.slice(2)).catch((cause: unknown) => {
  console.error(`tintype: ${cause instanceof Error ? cause.message : String(cause)}`);
  process.exit(1);
});
