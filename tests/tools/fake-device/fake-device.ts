import type { Role } from '#access/subject.ts';
import { dayTally, noCounts } from '#domain/attendance/day-tally.ts';
import { defaultMarks } from '#domain/attendance/default-marks.ts';
import { monthRegister } from '#domain/attendance/month-register.ts';
import { resolveDay } from '#domain/attendance/provisional.ts';
import { schoolDayTally } from '#domain/attendance/school-day-tally.ts';
import type { AttendanceCell, AttendanceWrite } from '#domain/attendance/attendance.ts';
import { addDays, calendarDateAt, type CalendarDate, schoolYearOf } from '#domain/calendar/calendar-date.ts';
import { isSchoolDay } from '#domain/calendar/day-kind.ts';
import { readSchoolDays } from '#domain/calendar/school-day-reader.ts';
import { enrolledOn } from '#domain/roster/enrolled.ts';
import type { CommandResult, Device, DeviceState, RecordAttendance } from '#device/device.ts';
import type { DayView, Person, Query, ResultOf, RollCallRow, SyncView, WriteView } from '#device/views.ts';
import { makeCalendar, makeRoster } from './seed.ts';

/**
 * A device without storage, network or secrets, for looking at screens: everything lives in this page. The address's
 * query sets the scene once: `?as=teacher|nurse|principal|board&offline&full&conflict&sync&unusable`.
 */
export function createDevice(): Device {
  return new FakeDevice(readScene());
}

interface Scene {
  as: string;
  offline: boolean;
  full: boolean;
  conflict: boolean;
  firstSync: boolean;
  unusable: string | null;
  locked: boolean;
  refused: boolean;
  now: number;
}

function readScene(): Scene {
  const kept = sessionStorage.getItem('fake-scene');
  const given = new URLSearchParams(location.search);
  const text = given.has('as') ? location.search : (kept ?? '?as=teacher');
  sessionStorage.setItem('fake-scene', text);
  const query = new URLSearchParams(text);
  return {
    as: query.get('as') ?? 'teacher',
    offline: query.has('offline'),
    full: query.has('full'),
    conflict: query.has('conflict'),
    firstSync: query.has('sync'),
    unusable: query.get('unusable'),
    locked: query.has('locked'),
    refused: query.has('refused'),
    now: Date.now(),
  };
}

interface Write extends AttendanceWrite {
  delivery: 'device' | 'school';
}

class FakeDevice implements Device {
  state: DeviceState;
  #scene: Scene;
  #listeners = new Set<() => void>();
  #watchers = new Set<() => void>();
  #today: CalendarDate;
  #roster;
  #calendar;
  #cells = new Map<string, { heads: Write[]; replaced: Write[] }>();
  #serial = 0;
  #days;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#today = calendarDateAt(scene.now);
    const year = schoolYearOf(this.#today);
    this.#roster = makeRoster(year);
    this.#calendar = makeCalendar(year);
    this.#days = readSchoolDays(this.#calendar, this.#roster.homerooms);
    this.#seed();
    this.state = scene.unusable
      ? { phase: 'unusable', reason: scene.unusable as 'noStorage' }
      : scene.locked
        ? { phase: 'locked', logins: scene.as === 'new' ? [] : ['kimura'] }
        : { phase: 'open', person: this.#person(scene.as) };
    Object.assign(globalThis, { fakeDevice: this });
  }

  setOffline(offline: boolean) {
    this.#scene.offline = offline;
    if (!offline) this.#deliver();
    this.#changed();
  }
  setFull(full: boolean) {
    this.#scene.full = full;
  }
  nurseMarks(studentId: string, date: CalendarDate, mark: string) {
    this.#cell(studentId, date).heads.push({
      entryId: this.#id(),
      mark,
      by: 'n1',
      madeAt: Date.now(),
      receivedAt: Date.now(),
      delivery: 'school',
    });
    this.#changed();
  }

  now(): number {
    return Date.now();
  }
  onStateChange(listener: () => void) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  async signIn(login: string, password: string) {
    await pause(400);
    if (this.#scene.offline) return { ok: false as const, code: 'offline' as const };
    if (password !== 'ame') return { ok: false as const, code: 'badCredentials' as const };
    this.#setState({ phase: 'open', person: this.#person(login) });
    return { ok: true as const };
  }
  async unlock(_login: string, password: string) {
    await pause(200);
    if (password !== 'ame') return { ok: false as const, code: 'badPassword' as const };
    this.#setState({ phase: 'open', person: this.#person(this.#scene.as) });
    return { ok: true as const };
  }
  async lock() {
    this.#setState({ phase: 'locked', logins: ['kimura'] });
  }
  async signOut() {
    await this.lock();
  }
  syncNow() {}
  async requestPersistence() {
    return false;
  }

  watch<Q extends Query>(query: Q, listener: (result: ResultOf<Q>) => void) {
    let stopped = false;
    const run = () =>
      setTimeout(() => {
        if (!stopped) listener(this.#answer(query) as ResultOf<Q>);
      }, 8);
    run();
    this.#watchers.add(run);
    return () => {
      stopped = true;
      this.#watchers.delete(run);
    };
  }

  async recordAttendance(command: RecordAttendance): Promise<CommandResult> {
    await pause(12);
    if (this.#scene.full) return { ok: false, code: 'storageFull' };
    const entryId = this.#id();
    const person = this.state.phase === 'open' ? this.state.person.id : '';
    for (const cell of command.cells) {
      const state = this.#cell(cell.studentId, command.date);
      const replaced = state.heads.filter((head) => cell.painted.includes(head.entryId));
      state.replaced.push(...replaced);
      state.heads = state.heads.filter((head) => !replaced.includes(head));
      state.heads.push({
        entryId,
        mark: cell.mark,
        ...(cell.note ? { note: cell.note } : {}),
        by: person,
        madeAt: Date.now(),
        receivedAt: null,
        delivery: 'device',
      });
    }
    this.#changed();
    if (!this.#scene.offline)
      setTimeout(() => {
        this.#deliver();
        this.#changed();
      }, 700);
    return { ok: true, entryIds: [entryId] };
  }

  #deliver() {
    for (const { heads, replaced } of this.#cells.values())
      for (const write of [...heads, ...replaced]) write.delivery = 'school';
  }
  #changed() {
    for (const run of this.#watchers) run();
  }
  #setState(state: DeviceState) {
    this.state = state;
    for (const listener of this.#listeners) listener();
  }
  #id() {
    return `register:2026-11:attendance:${String(++this.#serial).padStart(32, '0')}`;
  }
  #cell(studentId: string, date: CalendarDate) {
    const key = `${studentId} ${date}`;
    let cell = this.#cells.get(key);
    if (!cell) this.#cells.set(key, (cell = { heads: [], replaced: [] }));
    return cell;
  }
  #lookup = (studentId: string, date: CalendarDate): AttendanceCell | undefined =>
    this.#cells.get(`${studentId} ${date}`);
  get #sources() {
    return { roster: this.#roster, calendar: this.#calendar, marks: defaultMarks, attendance: this.#lookup };
  }

  #person(as: string): Person {
    const make = (id: string, name: string, role: Role, own: string[]): Person => ({
      id,
      login: as,
      name,
      roles: [role],
      schoolCode: 'B112210000011',
      stream: `register-b112210000011-${this.#roster.schoolYear}/register`,
      ownHomeroomIds: own,
    });
    if (as === 'nurse') return make('n1', '田中 美穂', 'schoolNurse', []);
    if (as === 'principal') return make('p1', '大塚 正一', 'principal', []);
    if (as === 'board')
      return { ...make('b1', '佐久間 修', 'boardSupervisor', []), schoolCode: null, stream: null };
    return make('t31', '木村 直子', 'homeroomTeacher', ['h31']);
  }

  #seed() {
    let seed = 42;
    const random = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
    for (const homeroom of this.#roster.homerooms.values()) {
      const grade = homeroom.gradeLevels[0]!;
      for (let date = addDays(this.#today, -40); date < this.#today; date = addDays(date, 1)) {
        if (this.#days.dayFor(homeroom.id, grade, date).kind !== 'schoolDay') continue;
        for (const { student } of enrolledOn(this.#roster, homeroom.id, date)) {
          const luck = random();
          const mark =
            luck < 0.025
              ? 'sick'
              : luck < 0.03
                ? 'other'
                : luck < 0.04
                  ? 'late'
                  : luck < 0.045
                    ? 'earlyDeparture'
                    : luck < 0.055
                      ? 'suspendedInfection'
                      : luck < 0.058
                        ? 'bereavement'
                        : 'present';
          const at = Date.parse(`${date}T08:25:00+09:00`);
          const cell = this.#cell(student.id, date);
          const write = (mark: string, by: string, madeAt: number, note?: string): Write => ({
            entryId: this.#id(),
            mark,
            by,
            madeAt,
            receivedAt: madeAt,
            delivery: 'school',
            ...(note ? { note } : {}),
          });
          if (mark === 'suspendedInfection') cell.replaced.push(write('sick', 't31', at));
          cell.heads.push(
            write(
              mark,
              mark === 'suspendedInfection' ? 'n1' : 't31',
              at + 3600_000,
              mark === 'suspendedInfection' ? 'インフルエンザA' : undefined,
            ),
          );
        }
      }
      const number = Number(homeroom.id.slice(1));
      if (number > 31)
        for (const { student } of enrolledOn(this.#roster, homeroom.id, this.#today)) {
          if (number > 51) break;
          this.#cell(student.id, this.#today).heads.push({
            entryId: this.#id(),
            mark: random() < 0.04 ? 'sick' : 'present',
            by: 't31',
            madeAt: this.#scene.now,
            receivedAt: this.#scene.now,
            delivery: 'school',
          });
        }
    }
    if (this.#scene.conflict)
      for (const [student, mark, note] of [
        ['h31-7', 'suspendedInfection', 'インフルエンザ'],
        ['h31-20', 'other', ''],
      ] as const) {
        const cell = this.#cell(student, this.#today);
        cell.heads.push({
          entryId: this.#id(),
          mark: 'present',
          by: 't31',
          madeAt: this.#scene.now - 600_000,
          receivedAt: null,
          delivery: 'device',
        });
        cell.heads.push({
          entryId: this.#id(),
          mark,
          ...(note ? { note } : {}),
          by: 'n1',
          madeAt: this.#scene.now - 300_000,
          receivedAt: this.#scene.now,
          delivery: 'school',
        });
      }
  }

  #writeView = (write: Write): WriteView => {
    const person = this.#roster.staff.get(write.by);
    return {
      entryId: write.entryId,
      mark: write.mark,
      note: write.note ?? null,
      byId: write.by,
      byName: person ? `${person.familyName} ${person.givenName}` : '',
      byRole: (person?.duties[0]?.role ?? null) as Role | null,
      madeAt: write.madeAt,
      delivery: write.delivery,
    };
  };

  #dayView(studentId: string, date: CalendarDate): DayView {
    const cell = this.#cells.get(`${studentId} ${date}`);
    const resolved = resolveDay(cell, defaultMarks);
    const shown =
      resolved.state === 'single'
        ? resolved.write
        : resolved.state === 'conflict'
          ? resolved.provisional
          : null;
    return {
      state: resolved.state,
      shown: shown ? this.#writeView(shown as Write) : null,
      open: (cell?.heads ?? []).map(this.#writeView),
      struck: [...(cell?.replaced ?? [])].reverse().map(this.#writeView),
      painted: (cell?.heads ?? []).map((head) => head.entryId),
    };
  }

  #row(homeroomId: string, date: CalendarDate, studentId: string, rosterNumber: number | null): RollCallRow {
    const student = this.#roster.students.get(studentId)!;
    return {
      studentId,
      rosterNumber,
      familyName: student.familyName,
      givenName: student.givenName,
      kana: `${student.kanaFamilyName} ${student.kanaGivenName}`,
      day: this.#dayView(studentId, date),
    };
  }

  #schoolDay(homeroomId: string, from: CalendarDate, step: number): CalendarDate | null {
    for (let date = addDays(from, step), i = 0; i < 60; date = addDays(date, step), i++)
      if (isSchoolDay(this.#days.columnFor(homeroomId, date).kind)) return date;
    return null;
  }

  #canWrite(homeroomId: string) {
    const person = this.state.phase === 'open' ? this.state.person : null;
    return (
      person !== null && (person.roles[0] !== 'homeroomTeacher' || person.ownHomeroomIds.includes(homeroomId))
    );
  }

  #answer(query: Query): unknown {
    const waiting = [...this.#cells.values()]
      .flatMap(({ heads }) => heads)
      .filter((write) => write.delivery === 'device');
    const entries = new Set(waiting.map((write) => write.entryId)).size;
    switch (query.type) {
      case 'rollCall': {
        const homeroom = this.#roster.homerooms.get(query.homeroomId);
        if (!homeroom) return null;
        return {
          homeroomId: homeroom.id,
          homeroomTitle: homeroom.title,
          date: query.date,
          dayKind: this.#days.columnFor(homeroom.id, query.date).kind,
          previousSchoolDay: this.#schoolDay(homeroom.id, query.date, -1),
          nextSchoolDay: this.#schoolDay(homeroom.id, query.date, 1),
          rows: enrolledOn(this.#roster, homeroom.id, query.date).map(({ student, enrollment }) =>
            this.#row(homeroom.id, query.date, student.id, enrollment.rosterNumber),
          ),
          tally: dayTally({ ...this.#sources, homeroomId: homeroom.id, date: query.date }),
          canWrite: this.#canWrite(homeroom.id),
          marks: [...defaultMarks.values()],
        };
      }
      case 'monthRegister': {
        const homeroom = this.#roster.homerooms.get(query.homeroomId);
        if (!homeroom) return null;
        return {
          schoolName: this.#roster.school.name,
          homeroomTitle: homeroom.title,
          homeroomTeachers: ['木村 直子'],
          principal: '大塚 正一',
          month: query.month,
          register: monthRegister({
            ...this.#sources,
            homeroomId: homeroom.id,
            month: query.month,
            through: this.#today,
          }),
          marks: [...defaultMarks.values()],
          waitingCount: entries,
        };
      }
      case 'schoolDay': {
        const tally = schoolDayTally({ ...this.#sources, date: query.date });
        const total = Object.fromEntries(
          Object.keys(noCounts()).map((name) => [name, tally[name as 'absentCount']]),
        );
        return {
          schoolName: this.#roster.school.name,
          date: query.date,
          previousSchoolDay: this.#schoolDay('h11', query.date, -1),
          total: {
            ...total,
            rollDue: tally.rollDueHomeroomCount > 0,
            rollTaken: tally.rollTakenHomeroomCount === tally.rollDueHomeroomCount,
          },
          homerooms: tally.homerooms.map(({ homeroomId, tally }) => ({
            homeroomId,
            title: this.#roster.homerooms.get(homeroomId)!.title,
            specialNeeds: false,
            dayKind: this.#days.columnFor(homeroomId, query.date).kind,
            tally,
            own: this.state.phase === 'open' && this.state.person.ownHomeroomIds.includes(homeroomId),
          })),
        };
      }
      case 'conflicts':
        return [...this.#cells]
          .filter(([, cell]) => resolveDay(cell, defaultMarks).state === 'conflict')
          .map(([key]) => {
            const [studentId = '', date = ''] = key.split(' ');
            const homeroomId = studentId.split('-')[0]!;
            return {
              homeroomId,
              homeroomTitle: this.#roster.homerooms.get(homeroomId)!.title,
              date,
              row: this.#row(homeroomId, date as CalendarDate, studentId, Number(studentId.split('-')[1])),
              canWrite: this.#canWrite(homeroomId),
            };
          });
      case 'findStudents':
        return this.#roster.enrollments.flatMap((enrollment) => {
          const s = this.#roster.students.get(enrollment.studentId)!;
          const title = this.#roster.homerooms.get(enrollment.homeroomId)!.title;
          const text = `${s.familyName}${s.givenName} ${s.kanaFamilyName}${s.kanaGivenName} ${title}${enrollment.rosterNumber}`;
          return query.text.split(/\s+/).every((part) => text.includes(part))
            ? [
                {
                  studentId: s.id,
                  homeroomId: enrollment.homeroomId,
                  homeroomTitle: title,
                  rosterNumber: enrollment.rosterNumber,
                  familyName: s.familyName,
                  givenName: s.givenName,
                  kana: `${s.kanaFamilyName} ${s.kanaGivenName}`,
                },
              ]
            : [];
        });
      case 'sync': {
        const view: SyncView = {
          phase: this.#scene.offline ? 'offline' : 'idle',
          waitingCount: entries,
          waitingSince: entries ? Math.min(...waiting.map((write) => write.madeAt)) : null,
          refused: this.#scene.refused
            ? [
                {
                  entryId: 'x',
                  code: 'notThisHomeroom',
                  madeAt: this.#scene.now,
                  kind: 'attendance',
                  cellCount: 3,
                },
              ]
            : [],
          lastContactAt: this.#scene.now - 240_000,
          progress: this.#scene.firstSync ? { have: 3, total: 10 } : null,
          complete: !this.#scene.firstSync,
          persisted: false,
        };
        return view;
      }
    }
  }
}

function pause(ms: number) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
