#!/usr/bin/env node
import { loadSparingly } from './sparing.ts';

const language = ['transform/params/effects', 'transform/params', 'transform'];
await loadSparingly([...language, 'render/steps', 'store', 'library', 'http']);
const { serve } = await import('./serve.ts');
await serve();
