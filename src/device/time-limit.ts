export class TimeLimitExceeded extends Error {
  override readonly name = 'TimeLimitExceeded';
}

/** Rejects where the work takes longer: some browsers' storage hangs without an error. */
export function withTimeLimit<T>(work: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new TimeLimitExceeded(`over ${ms} ms`)), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
