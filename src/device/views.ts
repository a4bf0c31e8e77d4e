import type { DayTally } from '../domain/attendance/day-tally.ts';
import type { MarkDefinition } from '../domain/attendance/marks.ts';
import type { MonthRegister } from '../domain/attendance/month-register.ts';
import type { CalendarDate, CalendarMonth } from '../domain/calendar/calendar-date.ts';
import type { DayKind } from '../domain/calendar/day-kind.ts';
import type { EntryId } from '../ledger/entry-id.ts';
import type { GuardianContact } from '../ledger/record-kinds.ts';
import type { StreamKey } from '../ledger/stream.ts';
import type { Role } from '../access/subject.ts';

/** How far what is shown has come: only on this device, at the school, or sent back by the school. */
export type Delivery = 'device' | 'school' | 'refused';

/** One value with its author, as a person reads it. */
export interface WriteView {
  readonly entryId: EntryId;
  /** Mark code; null: taken back; 'unreadable': a newer app wrote it. */
  readonly mark: string | null;
  readonly note: string | null;
  readonly byId: string;
  /** Family and given name; empty where the staff list does not know the person. */
  readonly byName: string;
  readonly byRole: Role | null;
  readonly madeAt: number;
  readonly delivery: Delivery;
}

/** One pupil's day. */
export interface DayView {
  readonly state: 'unmarked' | 'single' | 'conflict' | 'unreadable';
  /** What the register shows: the one value, or the provisional one of several. */
  readonly shown: WriteView | null;
  /** All open values: several in a conflict. */
  readonly open: readonly WriteView[];
  /** Struck through, newest first. */
  readonly struck: readonly WriteView[];
  /** What a command must hand back: the heads as painted. */
  readonly painted: readonly EntryId[];
}

export interface RollCallRow {
  readonly studentId: string;
  readonly rosterNumber: number | null;
  readonly familyName: string;
  readonly givenName: string;
  readonly kana: string;
  /** Whether this pupil has school that day: in a homeroom of several grade levels not all may have. */
  readonly due: boolean;
  readonly day: DayView;
}

export interface RollCallView {
  readonly homeroomId: string;
  readonly homeroomTitle: string;
  readonly date: CalendarDate;
  readonly dayKind: DayKind;
  /** The nearest school days before and after, for this homeroom. */
  readonly previousSchoolDay: CalendarDate | null;
  readonly nextSchoolDay: CalendarDate | null;
  readonly rows: readonly RollCallRow[];
  readonly tally: DayTally;
  /** Whether this person may mark here; decided by `access`. */
  readonly canWrite: boolean;
  readonly marks: readonly MarkDefinition[];
}

export interface MonthRegisterView {
  readonly schoolName: string;
  readonly homeroomTitle: string;
  readonly homeroomTeachers: readonly string[];
  readonly principal: string;
  readonly month: CalendarMonth;
  readonly register: MonthRegister;
  readonly marks: readonly MarkDefinition[];
  /** How many of the values behind this sheet have not arrived at the school yet. */
  readonly waitingCount: number;
}

export interface HomeroomSummary {
  readonly homeroomId: string;
  readonly title: string;
  readonly specialNeeds: boolean;
  readonly dayKind: DayKind;
  readonly tally: DayTally;
  readonly own: boolean;
}

/** The school's day at a glance, for nurse, office and principal; also the list of homerooms to choose from. */
export interface SchoolDayView {
  readonly schoolName: string;
  readonly date: CalendarDate;
  readonly previousSchoolDay: CalendarDate | null;
  readonly nextSchoolDay: CalendarDate | null;
  readonly homerooms: readonly HomeroomSummary[];
  readonly total: DayTally;
}

export interface ConflictView {
  readonly homeroomId: string;
  readonly homeroomTitle: string;
  readonly date: CalendarDate;
  readonly row: RollCallRow;
  readonly canWrite: boolean;
  readonly marks: readonly MarkDefinition[];
}

/** A pupil on any list of the school, for those who mark across homerooms (nurse, office). */
export interface StudentHit {
  readonly studentId: string;
  readonly homeroomId: string;
  readonly homeroomTitle: string;
  readonly rosterNumber: number | null;
  readonly familyName: string;
  readonly givenName: string;
  readonly kana: string;
}

export interface RefusedRow {
  readonly entryId: EntryId;
  readonly code: string;
  readonly madeAt: number;
  readonly kind: string;
  readonly cellCount: number;
}

/** One answer to whom the school calls for a pupil, as a person reads it. */
export interface ContactsWrite {
  readonly entryId: EntryId;
  /** null: a newer app wrote it. */
  readonly contacts: readonly GuardianContact[] | null;
  /** Empty where the staff list does not know the person. */
  readonly byName: string;
  readonly madeAt: number;
  readonly delivery: Delivery;
}

export interface ContactsView {
  /** Several where people wrote apart from each other: both stand until somebody settles it. */
  readonly open: readonly ContactsWrite[];
  /** What a command must hand back: the heads as painted. */
  readonly painted: readonly EntryId[];
  readonly canWrite: boolean;
  /** From the homeroom that the pupil left: what is saved goes to the present one. */
  readonly fromFormerHomeroom: boolean;
}

/** One pupil, beyond a day's mark. */
export interface PupilView {
  readonly studentId: string;
  readonly schoolCode: string;
  readonly familyName: string;
  readonly givenName: string;
  readonly kana: string;
  readonly homeroomId: string;
  readonly homeroomTitle: string;
  readonly rosterNumber: number | null;
  /** The stream that holds the pupil's records. */
  readonly stream: StreamKey;
  /** null: not held here; `otherTab` says whether another tab of this person may hold it in its memory. */
  readonly contacts: ContactsView | null;
  readonly otherTab: boolean;
}

/** What the lights and the sync screen show. */
export interface SyncView {
  readonly phase: 'idle' | 'exchanging' | 'offline' | 'signedOut' | 'serverTrouble' | 'storageTrouble';
  /** Entries on this device that the school does not have. */
  readonly waitingCount: number;
  readonly waitingSince: number | null;
  readonly refused: readonly RefusedRow[];
  readonly lastContactAt: number | null;
  /** First sync: entries here of all that are to come; null when nothing is missing. */
  readonly progress: { readonly have: number; readonly total: number } | null;
  /** False until every granted stream was once whole on this device. */
  readonly complete: boolean;
  readonly persisted: boolean | null;
  /** What is here can be read; nothing can be saved. */
  readonly diskFull: boolean;
}

export type Query =
  | { readonly type: 'rollCall'; readonly homeroomId: string; readonly date: CalendarDate }
  | { readonly type: 'monthRegister'; readonly homeroomId: string; readonly month: CalendarMonth }
  | { readonly type: 'schoolDay'; readonly date: CalendarDate }
  | { readonly type: 'conflicts' }
  | { readonly type: 'findStudents'; readonly text: string; readonly date: CalendarDate }
  | { readonly type: 'pupil'; readonly studentId: string; readonly date: CalendarDate }
  | { readonly type: 'sync' };

export interface QueryResults {
  rollCall: RollCallView | null;
  monthRegister: MonthRegisterView | null;
  schoolDay: SchoolDayView | null;
  conflicts: readonly ConflictView[];
  findStudents: readonly StudentHit[];
  pupil: PupilView | null;
  sync: SyncView;
}

export type ResultOf<Q extends Query> = QueryResults[Q['type']];

/** The person at this device, as signed in or unlocked. */
export interface Person {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** The school that the screens are about; null for the board. */
  readonly schoolCode: string | null;
  /** Every school where this person has a duty today. */
  readonly schools: readonly { readonly code: string; readonly name: string }[];
  readonly stream: StreamKey | null;
  readonly ownHomeroomIds: readonly string[];
  /** `required`: nothing is open until one is shown; `wanted`: what this person manages asks for one. */
  readonly secondFactor?: 'present' | 'required' | 'wanted' | 'none';
}
