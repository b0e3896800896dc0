import { expect, it } from 'vitest';
import { differences } from '../contract-snapshot/differences.ts';
import { redisMessages } from '../contract-snapshot/redis-messages.ts';
import { committed, redisSubject } from '../contract-snapshot/subjects.ts';

it('What nodes say to each other by Redis is what the committed snapshot says', async () => {
  const found = differences(redisSubject, committed(redisSubject), await redisMessages());
  expect(found, 'The contract has changed: run npm run contract, and commit the snapshot with the reason').toEqual([]);
});
