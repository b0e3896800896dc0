import { loadSparingly } from '../../platform/sequential-import.ts';

/** The program of a rendering process. */
await loadSparingly([
  'transform',
  'render/steps',
  'render/planning',
  'render/pixels',
  'render/validation',
  'render/sanitizing',
]);
await import('./answering.ts');
