import { calendarDateAt } from '../../domain/calendar/calendar-date.ts';
import { covers } from '../../domain/roster/enrolled.ts';
import { gradeLevels, type Homeroom } from '../../domain/roster/roster.ts';
import { classScope, parseSchoolDatabase, parseStreamKey, type DatabaseClass } from '../../ledger/stream.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import type { DeviceRecord } from './device-record.ts';

/** Importance of information (重要性分類) by the class of its database. */
const importanceOf: { readonly [C in DatabaseClass]: 1 | 2 | 3 } = {
  register: 3,
  records: 2,
  official1: 1,
  official2: 1,
};

/** One kind of information that may be on a device, without a name. */
export interface HeldInformation {
  readonly stream: string;
  readonly database: DatabaseClass;
  readonly importance: 1 | 2 | 3;
  readonly schoolCode: string;
  readonly schoolName: string;
  readonly schoolYear: number | null;
  readonly entryCount: number;
  /** Whose pupils: titles of homerooms and how many belong to each today. */
  readonly homerooms: readonly { readonly title: string; readonly pupilCount: number }[];
}

/** What a device last said it holds, in a school's words. */
export async function heldInformation(
  parts: Pick<GatewayParts, 'streams' | 'now'>,
  device: DeviceRecord,
): Promise<HeldInformation[]> {
  const registers = new Map((await parts.streams.list()).map((stream) => [stream.db, stream]));
  const today = calendarDateAt(parts.now());
  const held: HeldInformation[] = [];
  for (const { key, count } of device.report?.streams ?? []) {
    const stream = parseStreamKey(key);
    const database = stream && parseSchoolDatabase(stream.db);
    if (!database) continue;
    const { schoolCode, schoolYear } = database;
    const register = registers.get(`register-${schoolCode.toLowerCase()}-${schoolYear}`);
    const roster = register && (await (await parts.streams.open(register)).folds.standing()).roster;
    const homerooms = [...(roster?.homerooms.values() ?? [])]
      .filter(({ id }) => database.class === 'register' || stream.scope === classScope(id))
      .sort(byGradeLevel)
      .map(({ id, title }) => ({
        title,
        pupilCount:
          roster?.enrollments.filter((each) => each.homeroomId === id && covers(each, today)).length ?? 0,
      }));
    held.push({
      stream: key,
      database: database.class,
      importance: importanceOf[database.class],
      schoolCode,
      schoolName: roster?.school.name ?? '',
      schoolYear,
      entryCount: count,
      homerooms,
    });
  }
  return held.sort((a, b) => a.importance - b.importance || (a.stream < b.stream ? -1 : 1));
}

function byGradeLevel(a: Homeroom, b: Homeroom): number {
  const levelOf = ({ gradeLevels: [first] }: Homeroom): number => (first ? gradeLevels.indexOf(first) : -1);
  return levelOf(a) - levelOf(b) || (a.title < b.title ? -1 : 1);
}
