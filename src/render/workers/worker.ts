import { loadSparingly } from '../../platform/sequential-import.ts';

/** The program of a rendering process. */
await loadSparingly([
  'transform/params/effects',
  'transform/params',
  'render/steps',
  'render/door',
  'render/normalize',
  'render',
]);
await import('./answering.ts');
