import type { Reader } from './readers.ts';

/** A setting: environment variable, documentation, default and reader. */
export interface Setting<T> {
  readonly name: `TINTYPE_${string}`;
  readonly description: string;
  /** A deprecated name that is still read. */
  readonly oldName?: Setting<T>['name'];
  /** Default of the setting, as text; null if there is none. */
  readonly fallback: string | null;
  readonly read: Reader<T>;
}

export function setting<T>(name: Setting<T>['name'], fallback: string, read: Reader<T>, meaning: string): Setting<T> {
  return { name, fallback, read, description: meaning };
}

export function optionalSetting<T>(name: Setting<T>['name'], read: Reader<T>, meaning: string): Setting<T | null> {
  return { name, fallback: null, read, description: meaning };
}

/** The row under its new name, with the deprecated one beside it. */
export function renamedFrom<T>(oldName: Setting<T>['name'], row: Setting<T>): Setting<T> {
  return { ...row, oldName, description: `${row.description} Deprecated name: \`${oldName}\`.` };
}
