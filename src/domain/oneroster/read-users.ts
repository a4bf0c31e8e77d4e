import type { OneRosterNames } from './one-roster-city.ts';
import type { GradeLevel } from '../roster/roster.ts';
import { readNames } from './read-names.ts';
import { readRows } from './read-rows.ts';
import { isUuid } from './row-reader.ts';
import type { ReadingContext, RowReader } from './row-reader.ts';
import type { Table } from './table.ts';

/** A row of users.csv, as far as it is kept: no address, no telephone, no password, no official name. */
export interface User {
  readonly sourcedId: string;
  readonly row: RowReader;
  readonly username: string;
  readonly names: OneRosterNames;
  readonly enabled: boolean;
  readonly gradeLevels: readonly GradeLevel[];
  readonly userMasterIdentifier: string | null;
}

export function readUsers(table: Table, context: ReadingContext): ReadonlyMap<string, User> {
  const masterLines = new Map<string, number>();
  return readRows(table, context, (row, sourcedId): User => {
    if (row.raw('password') !== '') row.issue('passwordIgnored', 'password');
    const enabled = row.boolean('enabledUser');
    if (enabled === null) row.issue('missingValue', 'enabledUser');
    if (enabled === false) row.issue('userDisabled', 'enabledUser');
    return {
      sourcedId,
      row,
      username: row.raw('username'),
      names: readNames(row),
      enabled: enabled ?? false,
      gradeLevels: row.gradeLevels('grades'),
      userMasterIdentifier: readMasterIdentifier(row, masterLines),
    };
  });
}

function readMasterIdentifier(row: RowReader, lines: Map<string, number>): string | null {
  const column = 'userMasterIdentifier';
  const id = row.raw(column);
  if (id === '') {
    row.issue('masterIdentifierMissing', column);
    return null;
  }
  const firstLine = lines.get(id.toLowerCase());
  if (firstLine !== undefined) row.issue('duplicateMasterIdentifier', column, { firstLine }, id);
  else lines.set(id.toLowerCase(), row.line);
  if (!isUuid(id)) row.issue('notUuid', column, {}, id);
  return id;
}
