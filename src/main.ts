#!/usr/bin/env node
import { loadSparingly, serverFolders } from './sparing.ts';

await loadSparingly(serverFolders);
const { serve } = await import('./serve.ts');
await serve();
