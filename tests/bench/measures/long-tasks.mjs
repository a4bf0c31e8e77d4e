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
  // Who is to blame, for whoever looks for it.
  scope.blame = [];
  new scope.PerformanceObserver((/** @type {any} */ list) => {
    for (const { duration, scripts } of list.getEntries()) {
      const parts = scripts.map(
        (/** @type {any} */ script) =>
          `${script.invoker} ${script.sourceFunctionName}@${script.sourceCharPosition} ${script.sourceURL.split('/').at(-1)} ${Math.round(script.duration)} ms`,
      );
      scope.blame.push(`frame of ${Math.round(duration)} ms: ${parts.join(', ')}`);
    }
  }).observe({ type: 'long-animation-frame' });
}

/** The long frames and the scripts in them. @returns {string[]} */
export function longFrames() {
  return /** @type {any} */ (globalThis).blame;
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
