import { calendarDateAt, schoolYearStart, type CalendarDate } from '../../domain/calendar/calendar-date.ts';
import type { SchoolRoster } from '../../domain/roster/roster.ts';
import { Fold } from '../../ledger/fold.ts';
import { readCalendar, readRoster } from '../../ledger/register-view.ts';
import { registerStream, type Stream } from '../../ledger/stream.ts';
import type { Stamper } from '../exchange/stamp.ts';
import type { AccountDirectory } from '../identity/account-directory.ts';
import { importCity, type Progress } from '../import/import-city.ts';
import { keepEntries } from '../import/keep-entries.ts';
import type { DocumentStore } from '../store/document-store.ts';
import { openPracticeAccounts, type PracticeAccount } from './practice-accounts.ts';
import { practiceAttendance } from './practice-attendance.ts';
import { practiceCalendar } from './practice-calendar.ts';
import { practiceGrants } from './practice-duties.ts';
import { practiceRecords } from './practice-records.ts';
import { SeededRandom } from './seeded-random.ts';

const SEED = 'amenimo-practice-1';

export interface PracticeCityOptions {
  readonly store: DocumentStore;
  readonly accounts: AccountDirectory;
  readonly stamper: Stamper;
  /** The OneRoster package of the city. */
  readonly packageBytes: Uint8Array;
  /** Attendance is filled in up to the day before, epoch milliseconds. */
  readonly now: number;
  readonly progress: Progress;
}

/**
 * Imports the invented city by the importer that a real one uses, and fills its registers from a seed. Started again
 * after a cut it adds what is missing: the same seed makes the same entries.
 */
export async function installPracticeCity(options: PracticeCityOptions): Promise<PracticeAccount[]> {
  const { store, accounts, stamper, now, progress } = options;
  const random = new SeededRandom(SEED);
  const imported = await importCity(
    options.packageBytes,
    { store, accounts, stamper, progress, now: () => now, salt: () => random.salt() },
    {
      grants: practiceGrants,
      calendar: (city, school, place) =>
        practiceCalendar(
          city.schoolYear,
          place,
          city.homerooms.filter((homeroom) => homeroom.schoolId === school.sourcedId),
        ),
    },
  );
  if (!imported.ok) throw new Error('the practice city’s package was refused');
  const { city } = imported.summary;
  const [first] = city.schools;
  const opened = await openPracticeAccounts(accounts, first?.code ?? '');
  const showcase = await showcaseHomeroom(accounts, opened);
  for (const [done, school] of city.schools.entries()) {
    progress('attendance', done, city.schools.length);
    const stream = registerStream(school.code, city.schoolYear);
    const roster = await fillRegister(stream, city.schoolYear, calendarDateAt(now), showcase, options);
    await fillRecords(school.code, roster, options);
  }
  progress('attendance', city.schools.length, city.schools.length);
  return opened;
}

/** The practice homeroom teacher's own homeroom: there the newest day has something to settle. */
async function showcaseHomeroom(
  accounts: AccountDirectory,
  opened: readonly PracticeAccount[],
): Promise<string | undefined> {
  const teacher = opened.find((account) => account.role === 'homeroomTeacher');
  const account = teacher && (await accounts.findByLogin(teacher.login));
  return account?.grants.find((grant) => grant.homeroomId)?.homeroomId;
}

async function fillRegister(
  stream: Stream,
  schoolYear: number,
  today: CalendarDate,
  showcaseHomeroomId: string | undefined,
  { store, stamper }: PracticeCityOptions,
): Promise<SchoolRoster> {
  const standing = new Fold();
  const present = new Set<string>();
  for await (const batch of store.readEntries(stream.db)) {
    for (const entry of batch) {
      present.add(entry._id);
      if (entry.kind !== 'attendance') standing.add(entry);
    }
  }
  const end = schoolYearStart(schoolYear + 1);
  const roster = readRoster(standing, schoolYear);
  const entries = practiceAttendance({
    seed: SEED,
    roster,
    calendar: readCalendar(standing, schoolYear),
    until: today < end ? today : end,
    ...(showcaseHomeroomId === undefined ? {} : { showcaseHomeroomId }),
  });
  const missing = entries.filter(({ entry }) => !present.has(entry._id));
  if (missing.length > 0) await keepEntries(store, stamper, stream, missing);
  return roster;
}

async function fillRecords(
  schoolCode: string,
  roster: SchoolRoster,
  { store, stamper }: PracticeCityOptions,
): Promise<void> {
  for (const { stream, entries } of practiceRecords({ seed: SEED, schoolCode, roster })) {
    await store.ensureDatabase(stream.db);
    const stored = await store.getEntries(
      stream.db,
      entries.map(({ _id }) => _id),
    );
    const missing = entries.filter((_, at) => stored[at] === null);
    const timed = missing.map((entry) => ({ entry, receivedAt: entry.madeAt }));
    if (timed.length > 0) await keepEntries(store, stamper, stream, timed);
  }
}
