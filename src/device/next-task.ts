/**
 * Resolves in a task of its own. What follows an await runs in the task that resolved it: the parts of an opening
 * (keys, shell, first screen) would become one long one, in which no tap is heard.
 */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
