// Adds up the suites' reports: node .ci/sum.mjs FOLDER PASSED FAILED. A skipped test is a failed one.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder = '', checksPassed = '0', checksFailed = '0'] = process.argv.slice(2);
let passed = Number(checksPassed);
let failed = Number(checksFailed);
for (const name of readdirSync(folder)) {
  const report = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const left = report.numTotalTests - report.numPassedTests - report.numFailedTests;
  const brokenFiles = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  for (const file of brokenFiles) console.log(`✗ ${file.name}: ${file.message}`);
  if (left > 0) console.log(`✗ ${name}: ${left} skipped`);
  passed += report.numPassedTests;
  failed += report.numFailedTests + left + brokenFiles.length;
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
