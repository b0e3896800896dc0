import type { Reader } from './readers.ts';

/** One row of the table: everything there is to know of a setting. */
export interface Setting<T> {
  readonly name: `TINTYPE_${string}`;
  readonly description: string;
  /** As it would be written; null = not set. */
  readonly fallback: string | null;
  readonly read: Reader<T>;
}

export function setting<T>(name: Setting<T>['name'], fallback: string, read: Reader<T>, meaning: string): Setting<T> {
  return { name, fallback, read, description: meaning };
}

export function optionalSetting<T>(name: Setting<T>['name'], read: Reader<T>, meaning: string): Setting<T | null> {
  return { name, fallback: null, read, description: meaning };
}
