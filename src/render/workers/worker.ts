import { loadSparingly } from '../../platform/sequential-import.ts';

/** Entry point of a worker process. */
await loadSparingly([
  'transform',
  'render/steps',
  'render/planning',
  'render/pixels',
  'render/validation',
  'render/sanitizing',
]);
await import('./answering.ts');
