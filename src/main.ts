#!/usr/bin/env node
import { loadSparingly, serverFolders } from './platform/sequential-import.ts';

await loadSparingly(serverFolders);
const { startServer } = await import('./server/start.ts');
await startServer();
