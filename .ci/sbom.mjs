// `npm run --silent sbom`: what an installation consists of, as CycloneDX 1.5, from the lock.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
const { devDependencies: _, ...manifest } = read('package.json');
const lock = read('package-lock.json');
const shipped = Object.entries(lock.packages).filter(([path, { dev = false }]) => path !== '' && !dev);
const { devDependencies: __, ...root } = lock.packages[''];

// `--omit=dev` leaves out what both need (npm 11), and the name is the folder's: so there is a folder with nothing else in it.
const base = mkdtempSync(join(tmpdir(), 'tintype-sbom-'));
const folder = join(base, manifest.name);
mkdirSync(folder);
writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ ...lock, packages: { '': root, ...Object.fromEntries(shipped) } }));
try {
  const how = ['--sbom-format=cyclonedx', '--sbom-type=application', '--package-lock-only'];
  process.stdout.write(execFileSync('npm', ['sbom', ...how], { cwd: folder, encoding: 'utf8', maxBuffer: 64_000_000 }));
} finally {
  rmSync(base, { recursive: true });
}
