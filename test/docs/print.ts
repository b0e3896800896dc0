import { readFileSync, writeFileSync } from 'node:fs';
import { licencesPage } from './licences.ts';
import { withTables } from './tables.ts';

const readme = new URL('../../README.md', import.meta.url);
writeFileSync(readme, withTables(readFileSync(readme, 'utf8')));
writeFileSync(new URL('../../docs/licences.md', import.meta.url), licencesPage());
