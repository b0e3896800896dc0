import { type Check, failed, passed } from './check.ts';

/** As package.json promises. */
const least = [20, 19] as const;

export const nodeCheck: Check = {
  name: 'node',
  run: () => {
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
    const said = `${process.version} on ${process.platform} ${process.arch}`;
    const isNew = major > least[0] || (major === least[0] && minor >= least[1]);
    return [isNew ? passed('node', said) : failed('node', said, `Install Node ${least.join('.')} or newer`)];
  },
};
