import type { Presets } from '../../transform/transform.ts';
import type { Shell } from './shell.ts';

export const presetVariables = {
  TINTYPE_PRESETS: "The server's presets, beside thumb, medium and large.",
} as const;

/** The presets of a server with this environment. */
export async function knownPresets(shell: Shell): Promise<Presets> {
  const [{ readConfig }, { presetsOf }, { readPresets }] = await Promise.all([
    import('../../config/index.ts'),
    import('../../config/derived.ts'),
    import('../../transform/presets.ts'),
  ]);
  return readPresets(presetsOf(readConfig(shell.environment)));
}
