import { RowReader, isSourcedId, isUuid } from './row-reader.ts';
import type { ReadingContext } from './row-reader.ts';
import type { Table } from './table.ts';

/**
 * Reads the rows of a table into a map by sourcedId. Rows marked `tobedeleted` are left out with a warning; a row
 * whose id is unusable or taken is reported. `read` may return null for a row that is deliberately left out.
 */
export function readRows<T>(
  table: Table,
  context: ReadingContext,
  read: (row: RowReader, sourcedId: string) => T | null,
): Map<string, T> {
  const found = new Map<string, T>();
  const firstLines = new Map<string, number>();
  for (const csvRow of table.rows) {
    const row = new RowReader(table, csvRow, context);
    const status = row.raw('status');
    if (status.toLowerCase() === 'tobedeleted') {
      row.issue('toBeDeletedSkipped', 'status');
      continue;
    }
    if (status === 'active') row.issue('statusInBulkFile', 'status', {}, status);
    else if (status !== '') row.issue('invalidEnum', 'status', { allowed: 'active tobedeleted' }, status);

    const sourcedId = row.required('sourcedId');
    const firstLine = firstLines.get(sourcedId);
    if (sourcedId === '') continue;
    if (!isSourcedId(sourcedId)) row.issue('invalidSourcedId', 'sourcedId', {}, sourcedId);
    else if (firstLine !== undefined) row.issue('duplicateSourcedId', 'sourcedId', { firstLine }, sourcedId);
    else if (!isUuid(sourcedId)) row.issue('notUuid', 'sourcedId', {}, sourcedId);
    if (firstLine !== undefined) continue;
    firstLines.set(sourcedId, row.line);
    const item = read(row, sourcedId);
    if (item !== null) found.set(sourcedId, item);
  }
  return found;
}
