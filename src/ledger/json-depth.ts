/** Whether a value nests at most `limit` deep. It does not recurse, so that depth cannot exhaust the stack. */
export function isShallow(value: unknown, limit: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return false;
    const next: unknown[] = [];
    for (const item of level) {
      if (typeof item !== 'object' || item === null) continue;
      for (const member of Object.values(item))
        if (typeof member === 'object' && member !== null) next.push(member);
    }
    level = next;
  }
  return true;
}
