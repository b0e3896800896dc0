#!/usr/bin/env node
import { loadSparingly, serverFolders } from './platform/sequential-import.ts';

await loadSparingly(serverFolders);
const { startServer: serve } = await import('./server/start.ts');
await serve();
