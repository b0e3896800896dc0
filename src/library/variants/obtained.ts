export type Tier = 'memory' | 'bucket' | 'render';

/** Milliseconds of each stage that took place. */
export type Stages = Readonly<Partial<Record<'store' | 'queue' | 'render', number>>>;

export interface Obtained {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly tier: Tier;
  /** Whether it is in the bucket, or goes there after the reply unless the bucket turns out to hold enough of its original. */
  readonly stored: boolean;
  readonly collapsed: boolean;
  readonly stages: Stages;
}
