/** Settles as `work` does, or rejects with what `late` gives after so many milliseconds. Nothing stops the work itself. */
export function withTimeout<T>(milliseconds: number, work: Promise<T>, late: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), milliseconds);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
