/** For the help of commands that read all of it. */
export const serverVariables = {
  'TINTYPE_…':
    'All that the server reads (docs/configuration.md has the table): the same values lead to the same stores.',
} as const;
