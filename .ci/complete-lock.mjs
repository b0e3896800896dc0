// `npm run lock`: npm leaves optional packages of other platforms out of the lock where a registry does not offer them,
// and then refuses the lock in `npm ci`. This writes them down, from what their parents declare.
import { readFileSync, writeFileSync } from 'node:fs';

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const packages = new Map(Object.entries(lock.packages));

function platformOf(name) {
  const [, os, cpu] = /(android|darwin|freebsd|linux|openharmony|win32)-(arm64|x64|arm|ia32|ppc64|riscv64|s390x)/.exec(name) ?? [];
  const libc = /musl/.test(name) ? { libc: ['musl'] } : {};
  return os === undefined ? {} : { os: [os], cpu: [cpu], ...libc };
}

/** Builds that lie in a scope of their parent's name are the parent itself. */
const licenceOf = (name, path, license) => (name.startsWith(`@${path.slice('node_modules/'.length)}/`) ? { license } : {});

for (const [path, { optionalDependencies = {}, dev = false, license }] of [...packages]) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const key = `node_modules/${name}`;
    if (packages.has(`${path}/${key}`)) continue;
    const entry = { version, ...(dev ? { dev } : {}), optional: true, ...platformOf(name) };
    const known = packages.get(key) ?? entry;
    packages.set(key, known.license === undefined ? { ...known, ...licenceOf(name, path, license) } : known);
  }
}
lock.packages = Object.fromEntries([...packages].sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
