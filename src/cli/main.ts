#!/usr/bin/env node
import { commands } from './index.ts';
import { processShell } from './shell/process-shell.ts';
import { run } from './shell/run.ts';

process.exitCode = await run(commands, process.argv.slice(2), processShell());
