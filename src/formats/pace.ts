import type { Encoding } from './format.ts';

/** How long an encoding may take: others wait behind it · somebody waits · nobody does. */
export type EncodingPace = 'hurried' | 'usual' | 'patient';

/**
 * The same encoding at another pace; only AVIF's effort is worth it. On 31 photos at 600 px and one quality, effort 0 took 28 ms for
 * 0.78 of JPEG's bytes, 1 took 129 ms for 0.72, 2 took 193 ms for 0.70 and 3 took 334 ms for 0.68; at 1400 px 0 took 128 ms for 0.73
 * and 1 took 373 ms for 0.67 (sharp 0.35.5, one thread). No name depends on it: what was written first under a name stays.
 */
export function atPace(encoding: Encoding, pixels: number, pace: EncodingPace): Encoding {
  if (encoding.encoder !== 'avif' || pace === 'usual') return encoding;
  const { effort = 0 } = encoding.options;
  const wanted = pace === 'hurried' ? 0 : Math.max(effort, patientEffort(pixels));
  return { ...encoding, options: { ...encoding.options, effort: wanted } };
}

/** Well within a render's deadline, also for four in a row. */
function patientEffort(pixels: number): number {
  if (pixels <= 500_000) return 3;
  return pixels <= 2_000_000 ? 2 : 0;
}
