import type { Token } from '../http/auth/access.ts';
import type { RequestLine } from '../http/message/request-log.ts';
import type { Report } from '../observability/report.ts';
import type { Allowance } from '../source/allowance.ts';

/** What the process around it gives: where to write, and what to tell. */
export interface Environment {
  readonly tokens: readonly Token[];
  /** A folder for uploads under way and copies; emptied by nobody else. */
  readonly scratchFolder: string;
  /** What rendering processes see of the environment: allocator and folders, never a secret. */
  readonly rendererEnvironment: Readonly<Record<string, string>>;
  /** Where pictures may be fetched from, if anywhere, instead of the hosts of `TINTYPE_FETCH`: for tests, whose hosts are no public ones. */
  readonly allowance?: Allowance;
  readonly log: (line: RequestLine) => void;
  readonly report: Report;
}
