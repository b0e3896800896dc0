import { writeFileSync } from 'node:fs';
import { composeVcl } from './compose-vcl.ts';
import { licencesPage } from './licences.ts';
import { fileOf, pages, textOf } from './pages.ts';
import { withTables } from './tables.ts';

for (const page of pages) writeFileSync(fileOf(page), withTables(textOf(page)));
writeFileSync(fileOf('docs/licences.md'), licencesPage());
writeFileSync(fileOf('deploy/compose/varnish.vcl'), composeVcl());
