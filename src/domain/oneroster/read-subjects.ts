import type { OneRosterSubject } from './one-roster-city.ts';
import type { RowReader } from './row-reader.ts';

/** Pairs `subjects` with `subjectCodes`, which the profile asks to be of one length. */
export function readSubjects(row: RowReader): OneRosterSubject[] {
  const [names, codes] = [row.list('subjects'), row.list('subjectCodes')];
  if (names.length !== codes.length) {
    row.issue('subjectListsDiffer', 'subjectCodes', { subjects: names.length, subjectCodes: codes.length });
  }
  return names.map((name, i) => ({ name, code: codes[i] ?? '' }));
}
