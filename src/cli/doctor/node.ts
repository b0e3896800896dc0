import { bad, type Check, good } from './check.ts';

/** As package.json promises. */
const least = [20, 19] as const;

export const node: Check = {
  name: 'node',
  look: () => {
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
    const said = `${process.version} on ${process.platform} ${process.arch}`;
    const isNew = major > least[0] || (major === least[0] && minor >= least[1]);
    return [isNew ? good('node', said) : bad('node', said, `Install Node ${least.join('.')} or newer`)];
  },
};
