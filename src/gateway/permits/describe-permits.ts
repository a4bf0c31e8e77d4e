import type { Permit } from '../../access/permit.ts';
import { calendarDateAt, schoolYearOf } from '../../domain/calendar/calendar-date.ts';
import {
  classScope,
  parseRegisterDatabase,
  parseSchoolDatabase,
  parseStreamKey,
  recordsStream,
  registerStream,
  streamKey,
  type Stream,
} from '../../ledger/stream.ts';
import type { GatewayParts } from '../gateway-parts.ts';

type Ports = Pick<GatewayParts, 'accounts' | 'streams' | 'devices' | 'now'>;

/** A class whose records can be taken out. */
export interface AskableClass {
  readonly stream: string;
  readonly title: string;
}

/** A school's classes of this year, by the streams of their records. */
export async function classesOf(ports: Ports, schoolCode: string): Promise<AskableClass[]> {
  const schoolYear = schoolYearOf(calendarDateAt(ports.now()));
  const register = registerStream(schoolCode, schoolYear);
  if (!(await ports.streams.exists(register))) return [];
  const { roster } = await (await ports.streams.open(register)).folds.standing();
  return [...roster.homerooms.values()]
    .map(({ id, title }) => ({ stream: streamKey(recordsStream(schoolCode, schoolYear, id)), title }))
    .sort((a, b) => (a.title < b.title ? -1 : 1));
}

/** The name of every school that has a register. */
export async function schoolNames(ports: Ports): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const stream of await ports.streams.list()) {
    const code = parseRegisterDatabase(stream.db)?.schoolCode;
    if (code === undefined) continue;
    names.set(code, (await (await ports.streams.open(stream)).folds.standing()).roster.school.name);
  }
  return names;
}

/** A permit as a person reads it: with names of staff and classes, and of no pupil. */
export async function describePermit(ports: Ports, permit: Permit): Promise<Record<string, unknown>> {
  const nameOf = async (personId: string | null) =>
    personId && ((await ports.accounts.findByPerson(personId))?.name ?? personId);
  return {
    ...permit,
    personName: await nameOf(permit.personId),
    decidedByName: await nameOf(permit.decidedBy),
    deviceLabel: (await ports.devices.find(permit.device))?.label ?? '',
    classes: await Promise.all(permit.streams.map((key) => titleOf(ports, parseStreamKey(key)))),
  };
}

async function titleOf(ports: Ports, stream: Stream | null): Promise<string> {
  const database = stream && parseSchoolDatabase(stream.db);
  if (!stream || database?.class !== 'records') return '';
  const register = registerStream(database.schoolCode, database.schoolYear);
  if (!(await ports.streams.exists(register))) return '';
  const { roster } = await (await ports.streams.open(register)).folds.standing();
  for (const homeroom of roster.homerooms.values()) {
    if (classScope(homeroom.id) === stream.scope) return homeroom.title;
  }
  return '';
}
