import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../src/store/index.ts';
import { races } from './races.ts';

const scratch = () => mkdtemp(join(tmpdir(), 'tintype-race-'));

races('file:', async () => openStore(`file:${await scratch()}`, { scratchFolder: await scratch(), scratchBytes: 1e9 }));
