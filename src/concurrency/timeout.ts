/**
 * Settles as `work` does, or rejects with the error of `late` after so many milliseconds. The work itself continues.
 */
export function withTimeout<T>(milliseconds: number, work: Promise<T>, late: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), milliseconds);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
