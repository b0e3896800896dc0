import { mkdirSync, writeFileSync } from 'node:fs';
import { playSession } from './session.ts';
import { fileOf, subjects } from './subjects.ts';

/** `npm run contract`: writes the snapshot. Commit what changed, and say why in the commit. */
const session = await playSession();
mkdirSync(fileOf(''), { recursive: true });
for (const [name, print] of Object.entries(subjects)) writeFileSync(fileOf(name), await print(session));
