import { type Check, failed, passed, sentenceOf, warning } from './check.ts';
import { reach } from './reach.ts';

/** By which nodes hear of each other. Never shows the address, which may hold a password. */
export const redisCheck: Check = {
  name: 'redis',
  run: async ({ config }) => {
    const { redis: address } = config;
    if (address === null) {
      const isShared = config.store.startsWith('s3:');
      return [
        warning(
          'redis',
          isShared ? 'not configured: one node, or nodes that notice each other late' : 'not needed for one node',
        ),
      ];
    }
    try {
      const said = (await reach(new URL(address), 6379, 'PING\r\n')) ?? '';
      // Whoever wants a password first has at least told that it is a Redis.
      if (/^(?:\+PONG|-NOAUTH|-NOPERM)/.test(said)) return [passed('redis', 'answers')];
      return [failed('redis', 'something answers that is no Redis', 'Look at the port in TINTYPE_REDIS')];
    } catch (cause) {
      return [failed('redis', sentenceOf(cause), 'Start it, or mend TINTYPE_REDIS')];
    }
  },
};
