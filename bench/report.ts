import { cpus, loadavg } from 'node:os';
import sharp from 'sharp';
import type { Bench, Row } from './bench.ts';
import { rounds } from './rounds.ts';

/** Where and when a run took place. */
export interface Machine {
  readonly date: string;
  readonly cpu: string;
  readonly cores: number;
  readonly node: string;
  readonly sharp: string;
  readonly libvips: string;
  readonly photos: string;
  /** Processes that wanted a core in the minute before and in the minute after: above the number of cores, others were at work. */
  readonly load: readonly [before: number, after: number];
}

/** What one bench came to when it ran last. */
export interface Done extends Pick<Bench, 'name' | 'measures'> {
  readonly machine: Machine;
  readonly rows: readonly Row[];
}

export interface Report {
  readonly benches: readonly Done[];
}

export function thisMachine(photos: string, loadBefore = loadNow()): Machine {
  const [cpu] = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: cpu?.model.trim() ?? 'unknown',
    cores: cpus().length,
    node: process.version,
    sharp: sharp.versions.sharp ?? 'unknown',
    libvips: sharp.versions.vips,
    photos,
    load: [loadBefore, loadNow()],
  };
}

/** In the last minute. */
export function loadNow(): number {
  return Math.round((loadavg()[0] ?? 0) * 10) / 10;
}

/** Three digits that say something. */
function number(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** One row as cells: workload, both medians, the ratio with its spread, the target and whether it is met. */
export function cellsOf({ what, unit, tintype, reference, ratio, spread, target }: Row): readonly string[] {
  const met = target.bound === 'at most' ? ratio <= target.ratio : ratio >= target.ratio;
  const [least, most] = spread.map((value) => value.toFixed(2));
  return [
    what,
    `${number(tintype)} ${unit}`,
    `${number(reference)} ${unit}`,
    `${ratio.toFixed(2)} (${least}–${most})`,
    `${target.bound} ${target.ratio}`,
    met ? 'met' : 'missed',
  ];
}

const columns = ['Workload', 'Tintype', 'Reference', 'Ratio (spread)', 'Target', ''];

/** `bench/RESULTS.md` */
export function printReport({ benches }: Report): string {
  return [
    '# Results of the benches',
    `Written by \`npm run bench\`. Every ratio is Tintype divided by its reference, the median of ${rounds} rounds in which both took turns.`,
    ...benches.flatMap(({ name, measures, machine, rows }) => [
      `## ${name}`,
      `${measures}.`,
      tableOf(rows),
      printMachine(machine),
    ]),
    '',
  ]
    .join('\n\n')
    .trimEnd()
    .concat('\n');
}

export function printMachine({ date, cpu, cores, node, sharp: own, libvips, photos, load }: Machine): string {
  const busy = `load ${load[0]} before and ${load[1]} after`;
  return `${date} · ${cpu}, ${cores} cores, ${busy} · Node ${node} · sharp ${own}, libvips ${libvips} · photos ${photos}`;
}

function tableOf(rows: readonly Row[]): string {
  const lines = [columns, columns.map(() => '---'), ...rows.map(cellsOf)];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
