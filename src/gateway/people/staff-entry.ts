import { randomBytes } from 'node:crypto';
import type { Grant } from '../../access/subject.ts';
import {
  calendarDateAt,
  schoolYearOf,
  schoolYearStart,
  type CalendarDate,
  type SchoolYear,
} from '../../domain/calendar/calendar-date.ts';
import type { StaffMember } from '../../domain/roster/roster.ts';
import { canonicalJson, type Json } from '../../ledger/canonical.ts';
import { makeEntry } from '../../ledger/entry.ts';
import { parseRegisterDatabase, type Stream } from '../../ledger/stream.ts';
import type { PushPorts } from '../exchange/push.ts';
import { importContext } from '../exchange/user-context.ts';
import type { AccountDirectory } from '../identity/account-directory.ts';
import type { Account } from '../identity/account.ts';
import { IMPORTER } from '../import/school-entries.ts';
import { dutiesOf } from '../import/staff-grants.ts';

interface Ports extends PushPorts {
  readonly accounts: Pick<AccountDirectory, 'findByPerson'>;
}

/** Thrown where the store's own validation refuses what this module made: a bug here. */
class StaffEntryRefused extends Error {
  override readonly name = 'StaffEntryRefused';
}

/**
 * Brings what colleagues see of a person (教職員: name and duties) in step with the person's grants, in the registers
 * of this school year and later ones. Somebody who has left keeps the name, for what they wrote, and has no duty.
 */
export async function keepStaffInStep(
  ports: Ports,
  personId: string,
  schoolCodes: Iterable<string>,
): Promise<void> {
  const asked = new Set(schoolCodes);
  const today = calendarDateAt(ports.now());
  for (const stream of await ports.streams.list()) {
    const register = parseRegisterDatabase(stream.db);
    if (!register || !asked.has(register.schoolCode) || register.schoolYear < schoolYearOf(today)) continue;
    await ports.streams.queue.run(stream.db, async () => {
      // Read within the lock: of two changes at once, the later one writes what both have made.
      const account = await ports.accounts.findByPerson(personId);
      if (account) await writeStaffEntry(ports, stream, register, account, today);
    });
  }
}

async function writeStaffEntry(
  ports: PushPorts,
  stream: Stream,
  { schoolCode, schoolYear }: { schoolCode: string; schoolYear: SchoolYear },
  account: Account,
  today: CalendarDate,
): Promise<void> {
  const opened = await ports.streams.open(stream);
  const fold = await opened.folds.foldOf(opened.folds.standingPeriod);
  const key = `staff/${account.personId}`;
  const heads = fold.headsOf(key);
  const present = (await opened.folds.standing()).roster.staff.get(account.personId);
  const grants = grantsInYear(account.grants, schoolCode, schoolYear, today);
  if (!present && grants.length === 0) return;
  const value = { ...nameOf(account, present), duties: dutiesOf(grants, schoolCode) };
  const [head] = heads;
  if (heads.length === 1 && head && canonicalJson(head.value) === canonicalJson(value)) return;
  const now = ports.now();
  const entry = makeEntry(stream, {
    v: 1,
    kind: 'staff',
    salt: randomBytes(16).toString('hex'),
    on: schoolYearStart(schoolYear),
    madeAt: now,
    by: IMPORTER,
    device: IMPORTER,
    cells: [{ key, value: value as unknown as Json, over: heads.map((write) => write.entry.id) }],
  });
  const facts = { at: now, by: IMPORTER, device: IMPORTER, n: opened.index.lastN + 1 };
  const stamped = { ...entry, received: ports.seal.stamp(stream, entry._id, facts) };
  const [outcome] = await ports.store.putEntries(stream.db, [stamped], importContext);
  if (outcome?.outcome === 'refused') throw new StaffEntryRefused(outcome.reason);
  opened.stored([stamped]);
  ports.pokes.publish({ stream: opened.key, count: opened.index.state.count });
}

/** The grants of a school in one of its years that have not ended. */
function grantsInYear(
  grants: readonly Grant[],
  schoolCode: string,
  year: SchoolYear,
  today: CalendarDate,
): readonly Grant[] {
  const [start, end] = [schoolYearStart(year), schoolYearStart(year + 1)];
  return grants.filter(
    (grant) =>
      grant.schoolCode === schoolCode && grant.from < end && grant.until > start && grant.until > today,
  );
}

/** As the register has it; else the account's name, whose first word is the family name. */
function nameOf(
  { name }: Account,
  present: StaffMember | undefined,
): Pick<StaffMember, 'familyName' | 'givenName'> {
  if (present) return { familyName: present.familyName, givenName: present.givenName };
  const [familyName = '', ...given] = name.split(/[\s　]+/u);
  return { familyName, givenName: given.join(' ') };
}
