import { dayTally } from '../../domain/attendance/day-tally.ts';
import { monthRegister } from '../../domain/attendance/month-register.ts';
import { resolveDay } from '../../domain/attendance/provisional.ts';
import { schoolDayTally } from '../../domain/attendance/school-day-tally.ts';
import {
  addDays,
  monthOf,
  type CalendarDate,
  type CalendarMonth,
} from '../../domain/calendar/calendar-date.ts';
import { enrolledOn } from '../../domain/roster/enrolled.ts';
import { gradeLevels, type Homeroom } from '../../domain/roster/roster.ts';
import { parseAttendanceKey } from '../../ledger/kinds.ts';
import type {
  ConflictView,
  HomeroomSummary,
  MonthRegisterView,
  RollCallView,
  SchoolDayView,
  StudentHit,
} from '../views.ts';
import { nameOf, rollCallRow } from './day-view.ts';
import { canMark, type RegisterSource } from './register-source.ts';
import { matchesName, readSearchText } from './search-text.ts';

/** Long enough for the longest vacation. */
const SEARCH_DAYS = 70;
const MAX_HITS = 50;

export function rollCall(
  source: RegisterSource,
  homeroomId: string,
  date: CalendarDate,
): RollCallView | null {
  const homeroom = source.roster.homerooms.get(homeroomId);
  if (!homeroom) return null;
  const enrolled = enrolledOn(source.roster, homeroomId, date);
  const ids = enrolled.map(({ student }) => student.id);
  return {
    homeroomId,
    homeroomTitle: homeroom.title,
    date,
    dayKind: source.schoolDays.columnFor(homeroomId, date).kind,
    previousSchoolDay: nearestSchoolDay(source, [homeroomId], date, -1),
    nextSchoolDay: nearestSchoolDay(source, [homeroomId], date, 1),
    rows: enrolled.map(({ student, enrollment }) =>
      rollCallRow(source, student, enrollment.rosterNumber, date),
    ),
    tally: dayTally({ ...source, homeroomId, date }),
    canWrite: ids.length > 0 && canMark(source, ids, date),
    marks: marksInOrder(source),
  };
}

export function monthRegisterView(
  source: RegisterSource,
  homeroomId: string,
  month: CalendarMonth,
): MonthRegisterView | null {
  const homeroom = source.roster.homerooms.get(homeroomId);
  if (!homeroom) return null;
  const { roster, today } = source;
  const through = month >= monthOf(today) ? today : undefined;
  const register = monthRegister({ ...source, homeroomId, month, through });
  const staff = [...roster.staff.values()];
  const teachers = (role: string) =>
    staff
      .filter(({ duties }) =>
        duties.some((duty) => duty.role === role && 'homeroomId' in duty && duty.homeroomId === homeroomId),
      )
      .map(nameOf);
  const inSheet = new Set(register.rows.map((row) => row.student.id));
  return {
    schoolName: roster.school.name,
    homeroomTitle: homeroom.title,
    homeroomTeachers: [...teachers('homeroomTeacher'), ...teachers('assistantHomeroomTeacher')],
    principal: nameOf(staff.find(({ duties }) => duties.some((duty) => duty.role === 'principal'))),
    month,
    register,
    marks: marksInOrder(source),
    waitingCount: countWaiting(source, inSheet, month),
  };
}

export function schoolDay(source: RegisterSource, date: CalendarDate): SchoolDayView {
  const { roster, subject } = source;
  const { homerooms: tallies, ...sum } = schoolDayTally({ ...source, date });
  const own = new Set(subject.grants.map((grant) => grant.homeroomId));
  const byId = new Map(tallies.map((each) => [each.homeroomId, each.tally]));
  const homerooms = homeroomsInOrder(source).flatMap((homeroom): HomeroomSummary[] => {
    const tally = byId.get(homeroom.id);
    if (!tally) return [];
    return [
      {
        homeroomId: homeroom.id,
        title: homeroom.title,
        specialNeeds: homeroom.specialNeeds,
        dayKind: source.schoolDays.columnFor(homeroom.id, date).kind,
        tally,
        own: own.has(homeroom.id),
      },
    ];
  });
  const { rollDueHomeroomCount, rollTakenHomeroomCount, ...counts } = sum;
  return {
    schoolName: roster.school.name,
    date,
    previousSchoolDay: nearestSchoolDay(source, [...roster.homerooms.keys()], date, -1),
    nextSchoolDay: nearestSchoolDay(source, [...roster.homerooms.keys()], date, 1),
    homerooms,
    total: {
      ...counts,
      rollDue: rollDueHomeroomCount > 0,
      rollTaken: rollDueHomeroomCount > 0 && rollTakenHomeroomCount === rollDueHomeroomCount,
    },
  };
}

/** `keys`: the cells with several heads. Newest day first. */
export function conflicts(source: RegisterSource, keys: Iterable<string>): ConflictView[] {
  const found: ConflictView[] = [];
  for (const key of keys) {
    const day = parseAttendanceKey(key);
    if (!day || day.lesson !== null) continue;
    const { studentId, date } = day;
    if (resolveDay(source.attendance(studentId, date), source.marks).state !== 'conflict') continue;
    const student = source.roster.students.get(studentId);
    const homeroom = source.roster.homerooms.get(source.homeroomOf(studentId, date) ?? '');
    if (!student || !homeroom) continue;
    const seat = enrolledOn(source.roster, homeroom.id, date).find((each) => each.student.id === studentId);
    found.push({
      homeroomId: homeroom.id,
      homeroomTitle: homeroom.title,
      date,
      row: rollCallRow(source, student, seat?.enrollment.rosterNumber ?? null, date),
      canWrite: canMark(source, [studentId], date),
      marks: marksInOrder(source),
    });
  }
  const rank = (each: ConflictView) =>
    `${each.homeroomTitle}/${String(each.row.rosterNumber ?? 999).padStart(3, '0')}`;
  return found.sort((a, b) => (a.date === b.date ? (rank(a) < rank(b) ? -1 : 1) : a.date < b.date ? 1 : -1));
}

export function findStudents(source: RegisterSource, text: string, date: CalendarDate): StudentHit[] {
  const wanted = readSearchText(text);
  if (wanted === '') return [];
  const hits: StudentHit[] = [];
  for (const homeroom of homeroomsInOrder(source)) {
    for (const { student, enrollment } of enrolledOn(source.roster, homeroom.id, date)) {
      if (!matchesName(wanted, student)) continue;
      hits.push({
        studentId: student.id,
        homeroomId: homeroom.id,
        homeroomTitle: homeroom.title,
        rosterNumber: enrollment.rosterNumber,
        familyName: student.familyName,
        givenName: student.givenName,
        kana: `${student.kanaFamilyName} ${student.kanaGivenName}`.trim(),
      });
      if (hits.length === MAX_HITS) return hits;
    }
  }
  return hits;
}

function marksInOrder(source: RegisterSource) {
  return [...source.marks.values()].sort((a, b) => a.order - b.order);
}

/** By 学年, special-needs homerooms last, then by title: the same on every device. */
function homeroomsInOrder(source: RegisterSource): Homeroom[] {
  const rank = (homeroom: Homeroom) =>
    [
      homeroom.specialNeeds ? 1 : 0,
      gradeLevels.indexOf(homeroom.gradeLevels[0] ?? 'P1'),
      homeroom.title,
      homeroom.id,
    ].join('/');
  return [...source.roster.homerooms.values()].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

function nearestSchoolDay(
  source: RegisterSource,
  homeroomIds: readonly string[],
  date: CalendarDate,
  step: 1 | -1,
): CalendarDate | null {
  let day = date;
  for (let tries = 0; tries < SEARCH_DAYS; tries += 1) {
    day = addDays(day, step);
    const kinds = homeroomIds.map((id) => source.schoolDays.columnFor(id, day).kind);
    if (kinds.includes('schoolDay')) return day;
    if (kinds.includes('outsideYear')) return null;
  }
  return null;
}

function countWaiting(source: RegisterSource, students: ReadonlySet<string>, month: CalendarMonth): number {
  let count = 0;
  for (const { kind, on, cells } of source.waiting) {
    if (kind !== 'attendance' || monthOf(on) !== month) continue;
    count += cells.filter(({ key }) => students.has(parseAttendanceKey(key)?.studentId ?? '')).length;
  }
  return count;
}
