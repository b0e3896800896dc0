import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { redisMessages } from './redis-messages.ts';
import { playSession } from './session.ts';
import { fileOf, redisSubject, subjects } from './subjects.ts';

/** `npm run contract`: writes the snapshot. Commit what changed, and say why in the commit. */
const session = await playSession();
mkdirSync(fileOf(''), { recursive: true });
for (const [name, print] of Object.entries(subjects)) writeFileSync(fileOf(name), await print(session));
if (spawnSync('redis-server', ['--version']).status === 0) writeFileSync(fileOf(redisSubject), await redisMessages());
else console.error(`${redisSubject} is as it was: install redis-server to write it`);
