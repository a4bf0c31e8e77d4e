/* Functions that Playwright runs inside a page: each stands alone. */

/** Begins to note tasks of this thread of more than 50 ms. */
export function startWatch() {
  const scope = /** @type {any} */ (globalThis);
  scope.longTasks = [];
  const observer = new scope.PerformanceObserver((/** @type {any} */ list) => {
    for (const entry of list.getEntries()) scope.longTasks.push(entry.duration);
  });
  observer.observe({ type: 'longtask' });
  scope.longTaskObserver = observer;
}

/** The durations noted, in milliseconds. @returns {number[]} */
export function stopWatch() {
  const scope = /** @type {any} */ (globalThis);
  for (const entry of scope.longTaskObserver.takeRecords()) scope.longTasks.push(entry.duration);
  scope.longTaskObserver.disconnect();
  return scope.longTasks;
}

/** Proof that the observer sees anything here: a task of 120 ms, made on purpose. @returns {Promise<boolean>} */
export function findsPlantedTask() {
  const scope = /** @type {any} */ (globalThis);
  return new Promise((resolve) => {
    const observer = new scope.PerformanceObserver((/** @type {any} */ list) => {
      if (list.getEntries().some((/** @type {any} */ entry) => entry.duration >= 100)) resolve(true);
    });
    observer.observe({ type: 'longtask' });
    setTimeout(() => {
      const until = performance.now() + 120;
      while (performance.now() < until);
    }, 50);
    setTimeout(() => resolve(false), 1_000);
  });
}
