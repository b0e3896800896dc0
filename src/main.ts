#!/usr/bin/env node
import { loadSparingly, serverFolders } from './platform/sequential-import.ts';

await loadSparingly(serverFolders);
const { serve } = await import('./server/start.ts');
await serve();
