/** How much is done at the same time. */
export interface PoolOptions {
  /** How many at once. */
  readonly concurrency: number;
  /** After so long, milliseconds, one no longer counts: it waits for something, and must not keep the others waiting. */
  readonly overdueAfter: number;
  /** Whether starting more would help nobody, because those under way wait for the same thing. */
  readonly congested: () => boolean;
  /** Whether to start no more. */
  readonly stopped: () => boolean;
}

/** How many may be under way, overdue ones included, for each that `concurrency` allows. */
const MOST_TIMES = 4;

/**
 * Works on all items, some at a time. One that takes long (its store retries, its login lags) gives its place to the
 * next one while it goes on.
 * @param work must not throw
 * @returns the items that were not started
 */
export async function runPool<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
  { concurrency, overdueAfter, congested, stopped }: PoolOptions,
): Promise<readonly T[]> {
  let next = 0;
  let overdue = 0;
  let active = 0;
  await new Promise<void>((done) => {
    const mayStart = (): boolean =>
      active < concurrency ||
      (active - overdue < concurrency && active < concurrency * MOST_TIMES && !congested());
    const start = (item: T): void => {
      active += 1;
      let isOverdue = false;
      const timer = setTimeout(() => {
        isOverdue = true;
        overdue += 1;
        fill();
      }, overdueAfter);
      void work(item).finally(() => {
        clearTimeout(timer);
        active -= 1;
        if (isOverdue) overdue -= 1;
        fill();
      });
    };
    const fill = (): void => {
      while (next < items.length && !stopped() && mayStart()) {
        next += 1;
        start(items[next - 1] as T);
      }
      if (active === 0) done();
    };
    fill();
  });
  return items.slice(next);
}
