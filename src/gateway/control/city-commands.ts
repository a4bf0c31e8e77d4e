import { calendarDateAt, schoolYearOf } from '../../domain/calendar/calendar-date.ts';
import { enrolledOn } from '../../domain/roster/enrolled.ts';
import type { SchoolRoster } from '../../domain/roster/roster.ts';
import { parseRegisterDatabase } from '../../ledger/stream.ts';
import { printTable, sayTo, type Command, type CommandContext } from './command.ts';

const headers = {
  ja: ['学校', '名称', '年度', '学級', '児童生徒', '教職員', '記録'],
  en: ['School', 'Name', 'Year', 'Homerooms', 'Pupils', 'Staff', 'Entries'],
} as const;

/** `city`: the registers there are, with counts. */
export const showCity: Command = async (context) => {
  const { parts, language, print } = context;
  const rows: (readonly (string | number)[])[] = [headers[language]];
  for (const stream of await parts.streams.list()) {
    const opened = await parts.streams.open(stream);
    const { roster } = await opened.folds.standing();
    rows.push([
      opened.schoolCode,
      roster.school.name,
      roster.schoolYear,
      roster.homerooms.size,
      roster.students.size,
      roster.staff.size,
      opened.index.state.count,
    ]);
  }
  if (rows.length === 1) {
    sayTo(context, { ja: '学校はまだありません。', en: 'There are no schools yet.' });
    return 0;
  }
  printTable(print, rows);
  return 0;
};

/** `school <code>`: one school's homerooms. */
export const showSchool: Command = async (context) => {
  const { parts, words, print } = context;
  const code = words[0]?.toUpperCase();
  if (!code) {
    sayTo(context, { ja: '学校コードを指定してください。', en: 'Name a school by its code.' });
    return 2;
  }
  let found = false;
  for (const stream of await parts.streams.list()) {
    if (parseRegisterDatabase(stream.db)?.schoolCode !== code) continue;
    found = true;
    const opened = await parts.streams.open(stream);
    const { roster } = await opened.folds.standing();
    print(`${code}  ${roster.school.name}  ${roster.schoolYear}`);
    printTable(print, homeroomRows(context, roster));
  }
  if (!found) sayTo(context, { ja: `学校 ${code} はありません。`, en: `There is no school ${code}.` });
  return found ? 0 : 1;
};

function homeroomRows({ parts, language }: CommandContext, roster: SchoolRoster): (string | number)[][] {
  const today = calendarDateAt(parts.now());
  const date = schoolYearOf(today) === roster.schoolYear ? today : null;
  const rows: (string | number)[][] = [
    language === 'ja' ? ['学級', '名称', '在籍'] : ['Homeroom', 'Title', 'Pupils'],
  ];
  for (const homeroom of roster.homerooms.values()) {
    const pupils = date
      ? enrolledOn(roster, homeroom.id, date).length
      : roster.enrollments.filter((enrollment) => enrollment.homeroomId === homeroom.id).length;
    rows.push([homeroom.id, homeroom.title, pupils]);
  }
  return rows;
}
