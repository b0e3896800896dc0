import { command } from './command.ts';
import { atServer, withServer } from './shell/server.ts';

/** What a URL means to a server. */
export const explainCommand = command({
  name: 'explain',
  summary: 'Tells what a URL means: canonical spelling, plan, key, tier, estimate, warnings. Nothing is rendered.',
  operands: { usage: 'ID[/WORDS…]', least: 1, most: 1 },
  notes: ['Wrong words are named, each with what would have been right (exit code 2).'],
  options: atServer.options,
  environment: atServer.environment,
  examples: [['tintype explain cat/c_fill,g_auto,h_300,w_300', 'what a square thumbnail of cat would take']],
  run: async ({ operands: [path = ''], options: { url }, shell }) =>
    withServer(url, shell, async (server) => {
      const json = await server.json('GET', `/explain/${path}`);
      return { json, text: sentencesOf(json) };
    }),
});

interface Explanation {
  readonly canonical?: string;
  readonly plan?: {
    readonly width?: number;
    readonly height?: number;
    readonly format?: string;
    readonly frames?: number;
  };
  readonly tier?: string;
  readonly estimate?: { readonly megapixels?: number; readonly memory?: number; readonly milliseconds?: number };
  readonly warnings?: readonly string[];
}

const tiers: Readonly<Record<string, string>> = {
  memory: 'It is in the memory of the server.',
  bucket: 'It is stored and need not be rendered.',
  render: 'It is not made yet; the first GET renders it.',
};

/** What a person wants to know of an explanation; `--json` has all of it. */
function sentencesOf(read: unknown): string {
  const { canonical, plan = {}, tier = '', estimate = {}, warnings = [] } = Object(read) as Explanation;
  const { width = 0, height = 0, format, frames = 1 } = plan;
  const size = width === 0 ? 'of a size that only pixels tell' : `of ${width} × ${height} pixels`;
  const kind = frames === 1 ? `a ${format}` : `a ${format} of ${frames} frames`;
  const { megapixels = 0, memory = 0, milliseconds = 0 } = estimate;
  return [
    `The canonical URL is ${canonical}`,
    format === undefined ? 'The answer is the stored file, as it is.' : `The answer is ${kind} ${size}.`,
    ...(tiers[tier] === undefined ? [] : [tiers[tier]]),
    ...(milliseconds === 0
      ? []
      : [`Rendering takes about ${milliseconds} ms and ${Math.ceil(memory / 1e6)} MB for ${megapixels} megapixels.`]),
    ...warnings.map((warning) => `Note: ${warning}.`),
  ].join('\n');
}
