import { Failure } from '../errors.ts';
import { withTimeout } from './timeout.ts';

/** Fails with `store-unreachable` when it takes longer; the work goes on for whoever comes next. */
export function withStoreTimeout<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const late = () => new Failure('store-unreachable', `Expected the store to answer within ${milliseconds} ms`);
  return withTimeout(milliseconds, work, late);
}

/** Milliseconds after which a variant is rather made than waited for. */
export const bucketTimeout = 2000;

/** Milliseconds a request that could be answered without the store waits for it. */
export const storeTimeout = 500;

/** The store does not answer, or this process has no file descriptor left to ask it by. */
export function isUnreachable(thrown: unknown): boolean {
  return thrown instanceof Failure && (thrown.kind === 'store-unreachable' || thrown.kind === 'overloaded');
}
