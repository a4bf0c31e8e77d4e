import type { Grant, Role } from '../../access/subject.ts';
import { schoolYearStart } from '../../domain/calendar/calendar-date.ts';
import type { CalendarItem } from '../../domain/calendar/school-calendar.ts';
import type { OneRosterIssue } from '../../domain/oneroster/issue.ts';
import type { OneRosterCity, OneRosterSchool } from '../../domain/oneroster/one-roster-city.ts';
import { parseOneRosterPackage } from '../../domain/oneroster/parse-one-roster-package.ts';
import { canonicalJson } from '../../ledger/canonical.ts';
import { Fold } from '../../ledger/fold.ts';
import { registerStream } from '../../ledger/stream.ts';
import type { AccountDirectory } from '../identity/account-directory.ts';
import type { Stamper } from '../exchange/stamp.ts';
import type { DocumentStore } from '../store/document-store.ts';
import { defaultCalendar } from './default-calendar.ts';
import { keepEntries } from './keep-entries.ts';
import { planSchool, type ImportPorts, type SchoolPlan } from './school-entries.ts';
import { grantsOf, indexCity, type CityIndex } from './staff-grants.ts';

export type Progress = (step: string, done: number, total: number) => void;

export interface CityImportPorts extends ImportPorts {
  readonly store: DocumentStore;
  readonly accounts: AccountDirectory;
  readonly stamper: Stamper;
  readonly progress: Progress;
}

export interface CityImportOptions {
  readonly grants?: (index: CityIndex) => ReadonlyMap<string, readonly Grant[]>;
  readonly calendar?: (city: OneRosterCity, school: OneRosterSchool, place: number) => CalendarItem[];
}

export interface CityImportSummary {
  readonly city: OneRosterCity;
  readonly schoolCount: number;
  readonly studentCount: number;
  readonly staffCount: number;
  readonly homeroomCount: number;
  readonly writtenEntryCount: number;
  readonly createdAccountCount: number;
  readonly changedAccountCount: number;
  /** Cells that stand in a register here and not in the package: left as they are. */
  readonly missing: readonly { readonly schoolCode: string; readonly keyCount: number }[];
}

export type CityImportResult =
  | { readonly ok: true; readonly summary: CityImportSummary; readonly warnings: readonly OneRosterIssue[] }
  | {
      readonly ok: false;
      readonly errors: readonly OneRosterIssue[];
      readonly warnings: readonly OneRosterIssue[];
    };

/**
 * Brings a OneRoster package into the registers and the accounts. A package that is refused changes nothing; one
 * that is accepted writes only what differs, so that an import that was cut off is finished by importing again.
 */
export async function importCity(
  bytes: Uint8Array,
  ports: CityImportPorts,
  options: CityImportOptions = {},
): Promise<CityImportResult> {
  const parsed = parseOneRosterPackage(bytes);
  if (!parsed.ok) return parsed;
  const { city, warnings } = parsed;
  const index = indexCity(city);
  const grants = options.grants?.(index) ?? defaultGrants(index);
  const plans: SchoolPlan[] = [];
  for (const [place, school] of city.schools.entries()) {
    const calendar = options.calendar?.(city, school, place) ?? defaultCalendar(city.schoolYear);
    plans.push(planSchool(school, index, grants, calendar, await standingFold(school, city, ports), ports));
  }
  let writtenEntryCount = 0;
  for (const [done, plan] of plans.entries()) {
    ports.progress('registers', done, plans.length);
    await ports.store.ensureDatabase(plan.stream.db);
    const entries = plan.entries.map((entry) => ({ entry, receivedAt: entry.madeAt }));
    if (entries.length > 0) await keepEntries(ports.store, ports.stamper, plan.stream, entries);
    writtenEntryCount += plan.entries.length;
  }
  ports.progress('registers', plans.length, plans.length);
  const counts = await importAccounts(city, grants, ports);
  return {
    ok: true,
    warnings,
    summary: {
      city,
      schoolCount: city.schools.length,
      studentCount: city.students.length,
      staffCount: city.staff.length,
      homeroomCount: city.homerooms.length,
      writtenEntryCount,
      ...counts,
      missing: plans.flatMap((plan, i) =>
        plan.missingKeys.length === 0
          ? []
          : [{ schoolCode: city.schools[i]?.code ?? '', keyCount: plan.missingKeys.length }],
      ),
    },
  };
}

function defaultGrants(index: CityIndex): Map<string, Grant[]> {
  return new Map(index.city.staff.map((member) => [member.sourcedId, grantsOf(member, index)]));
}

/** What a school's register says now, of the kinds that stand for the year. */
async function standingFold(
  school: OneRosterSchool,
  city: OneRosterCity,
  { store }: CityImportPorts,
): Promise<Fold> {
  const fold = new Fold();
  const { db, scope } = registerStream(school.code, city.schoolYear);
  if (!(await store.hasDatabase(db))) return fold;
  const startId = `${scope}:${city.schoolYear}-00:`;
  for await (const batch of store.readEntries(db, { startId, endId: `${startId}\uffff` })) {
    for (const entry of batch) fold.add(entry);
  }
  return fold;
}

/** Roles a roster can express. What the board granted beyond them (養護教諭, 教頭) is not the roster's to end. */
const rosterRoles: ReadonlySet<Role> = new Set<Role>([
  'homeroomTeacher',
  'assistantHomeroomTeacher',
  'subjectTeacher',
  'officeStaff',
  'principal',
  'boardSupervisor',
  'boardAdministrator',
  'systemAdministrator',
]);

function sameGrants(present: readonly Grant[], wanted: readonly Grant[]): boolean {
  const known = new Set(present.map(canonicalJson));
  return present.length === wanted.length && wanted.every((grant) => known.has(canonicalJson(grant)));
}

async function importAccounts(
  city: OneRosterCity,
  grants: ReadonlyMap<string, readonly Grant[]>,
  { accounts, progress }: CityImportPorts,
): Promise<{ createdAccountCount: number; changedAccountCount: number }> {
  let createdAccountCount = 0;
  let changedAccountCount = 0;
  // A package speaks of one school year: what is prepared for a later one stays.
  const nextYear = schoolYearStart(city.schoolYear + 1);
  for (const [done, member] of city.staff.entries()) {
    if (done % 50 === 0) progress('accounts', done, city.staff.length);
    const own = grants.get(member.sourcedId) ?? [];
    const name = `${member.familyName} ${member.givenName}`;
    const known = await accounts.findByPerson(member.sourcedId);
    if (!known) {
      const created = await accounts.createAccount({
        personId: member.sourcedId,
        login: member.username,
        name,
        grants: own,
      });
      // A login that somebody else has stays theirs; the office gives this person another one.
      if (created.ok) createdAccountCount += 1;
      if (created.ok && !member.enabled) await accounts.setLocked(member.sourcedId, true);
      continue;
    }
    const beyondRoster = known.grants.filter(
      ({ role, inPlaceOf, from }) => !rosterRoles.has(role) || inPlaceOf !== undefined || from >= nextYear,
    );
    const wanted = [...own, ...beyondRoster];
    const changed = !sameGrants(known.grants, wanted);
    if (changed) await accounts.setGrants(member.sourcedId, wanted);
    if (known.name !== name) await accounts.setName(member.sourcedId, name);
    if (!member.enabled && known.lockedAt === null) await accounts.setLocked(member.sourcedId, true);
    if (changed || known.name !== name) changedAccountCount += 1;
  }
  progress('accounts', city.staff.length, city.staff.length);
  return { createdAccountCount, changedAccountCount };
}
