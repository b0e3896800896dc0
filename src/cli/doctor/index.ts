import { allocatorCheck } from './allocator.ts';
import { cdnCheck } from './cdn.ts';
import { type Check } from './check.ts';
import { fontsCheck } from './fonts.ts';
import { machineCheck } from './machine.ts';
import { nodeCheck } from './node.ts';
import { permissionsCheck } from './permissions.ts';
import { redisCheck } from './redis.ts';
import { rendererCheck } from './renderer.ts';
import { storesCheck } from './stores.ts';

/** Everything the doctor looks at, in the order it is told. */
export const checks: readonly Check[] = [
  nodeCheck,
  rendererCheck,
  allocatorCheck,
  machineCheck,
  storesCheck,
  permissionsCheck,
  redisCheck,
  fontsCheck,
  cdnCheck,
];
