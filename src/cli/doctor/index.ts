import { allocator } from './allocator.ts';
import { cdn } from './cdn.ts';
import { type Check } from './check.ts';
import { fonts } from './fonts.ts';
import { machine } from './machine.ts';
import { node } from './node.ts';
import { permissions } from './permissions.ts';
import { redis } from './redis.ts';
import { renderer } from './renderer.ts';
import { stores } from './stores.ts';

/** Everything the doctor looks at, in the order it is told. */
export const checks: readonly Check[] = [node, renderer, allocator, machine, stores, permissions, redis, fonts, cdn];
