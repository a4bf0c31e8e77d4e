/** Splits a stream of text into its lines, each a JSON value; throws on a line that is not, or is too long. */
export async function* readJsonLines(
  chunks: AsyncIterable<string>,
  maxLength: number,
): AsyncGenerator<unknown> {
  let pending = '';
  for await (const chunk of chunks) {
    pending += chunk;
    for (;;) {
      const end = pending.indexOf('\n');
      if (end < 0) break;
      const line = pending.slice(0, end);
      pending = pending.slice(end + 1);
      if (line.trim()) yield JSON.parse(line);
    }
    if (pending.length > maxLength) throw new RangeError('line too long');
  }
}
