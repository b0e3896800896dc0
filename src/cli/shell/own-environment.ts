import type { Shell } from './shell.ts';

/** The environment as the server reads it, which refuses variables it does not know: this one is ours. */
export function ownEnvironment({ environment }: Shell): Readonly<Record<string, string | undefined>> {
  const { TINTYPE_URL: _ours, ...rest } = environment;
  return rest;
}

/** For the help of commands that read all of it. */
export const serverVariables = {
  'TINTYPE_…':
    'All that the server reads (docs/configuration.md has the table): the same values lead to the same stores.',
} as const;
