#!/usr/bin/env node
import { commands } from './index.ts';
import { processShell } from './shell/process-shell.ts';
import { runCommand } from './shell/run.ts';

process.exitCode = await runCommand(commands, process.argv.slice(2), processShell());
