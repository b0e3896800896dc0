/** On bytes that came from strangers, and on what tells of them: taken for what they are said to be, and never run. */
export const securityHeaders = {
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; sandbox",
} as const;
