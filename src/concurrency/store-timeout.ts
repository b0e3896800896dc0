import { Failure } from '../errors.ts';
import { withTimeout } from './timeout.ts';

/** Rejects with `store-unreachable` after so many milliseconds. The work itself continues, for later callers. */
export function withStoreTimeout<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const late = () =>
    new Failure('store-unreachable', `The store did not answer within ${milliseconds} ms; retry later`);
  return withTimeout(milliseconds, work, late);
}

/** Milliseconds to wait for a stored variant before rendering it anew. */
export const bucketTimeout = 2000;

/** Milliseconds to wait for the store if a request can be answered without it. */
export const storeTimeout = 500;

/** Whether the store did not answer, or no file descriptor was left to ask it. */
export function isUnreachable(thrown: unknown): boolean {
  return thrown instanceof Failure && (thrown.kind === 'store-unreachable' || thrown.kind === 'overloaded');
}
