import { verifyCdn } from '../../cdn/verify.ts';
import type { ConfiguredPurger } from '../../config/cdn.ts';
import { openPurgers } from '../../purge/index.ts';
import { type Check, type CheckContext, type Finding, failed, passed, sentenceOf, warning } from './check.ts';
import { reach } from './reach.ts';

/** CDNs: that their secrets are there, that those with an address can be reached, and how one looks from outside. */
export const cdnCheck: Check = {
  name: 'cdn',
  run: async (context) => [...(await purgers(context)), ...(await seen(context))],
};

async function purgers({ config }: CheckContext): Promise<readonly Finding[]> {
  const { purgers: places } = config;
  if (places.length === 0) {
    return [
      warning(
        'cdn',
        'none is told of purges, so answers may stay at an edge for an hour',
        'Set TINTYPE_PURGERS where there is a CDN',
      ),
    ];
  }
  try {
    await openPurgers(places, config);
  } catch (cause) {
    return [failed('cdn', sentenceOf(cause), 'Set the variable that it names')];
  }
  return Promise.all(places.map(reached));
}

async function reached({ kind, target }: ConfiguredPurger): Promise<Finding> {
  const what = `cdn: ${kind}`;
  if (kind !== 'varnish' && kind !== 'webhook')
    return warning(what, 'has its secret; only a purge tells whether it is right');
  const url = new URL(target);
  try {
    await reach(url, url.protocol === 'https:' ? 443 : 80, '');
    return passed(what, `${url.host} can be reached`);
  } catch (cause) {
    return failed(
      what,
      `${url.host}: ${sentenceOf(cause)}`,
      'Start it, let this machine through, or mend TINTYPE_PURGERS',
    );
  }
}

async function seen({ picture, environment }: CheckContext): Promise<readonly Finding[]> {
  if (picture === null) return [];
  const token = environment['TINTYPE_TOKEN'] ?? null;
  try {
    const findings = await verifyCdn({ url: new URL(picture), origin: null, token, request: fetch });
    return findings.map(({ what, ok, said }) => {
      const mend =
        ok === false ? 'Load what tintype cdn PROVIDER prints; docs/operating.md tells what each CDN cannot do' : null;
      return { what: `cdn: ${what}`, ok, said, mend };
    });
  } catch (cause) {
    return [failed('cdn', sentenceOf(cause), `Look at ${new URL(picture).origin}`)];
  }
}
