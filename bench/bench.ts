import type { Photos } from './photos.ts';

/** One comparison: Tintype and its reference did the same in turns, in one run, on one machine. */
export interface Row {
  /** What was asked for. */
  readonly what: string;
  readonly unit: string;
  /** Median of the rounds, in `unit`. */
  readonly tintype: number;
  readonly reference: number;
  /** Tintype divided by reference: median, least and most of the rounds. */
  readonly ratio: number;
  readonly spread: readonly [least: number, most: number];
  readonly target: Target;
}

/** A bound of the ratio. It is printed, never asserted: a busy machine is no bug. */
export interface Target {
  readonly bound: 'at most' | 'at least';
  readonly ratio: number;
}

export interface Bench {
  readonly name: string;
  /** One sentence: what is divided by what. */
  readonly measures: string;
  readonly run: (photos: Photos) => Promise<readonly Row[]>;
}
