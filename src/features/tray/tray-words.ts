import { defaultMarks } from '#domain/attendance/default-marks.ts';
import { findMark } from '#features/attendance/pupil-day/mark-of-write.ts';
import { markName } from '#features/attendance/pupil-day/mark-look.ts';
import { trayMessages as m } from '#features/tray/messages.ts';
import type { TrayCell, TrayRow } from '#features/tray/tray-api.ts';

const kinds: Readonly<Record<string, () => string>> = {
  enrollment: () => m.kind_enrollment,
  homeroom: () => m.kind_homeroom,
  staff: () => m.kind_staff,
  calendar: () => m.kind_calendar,
  closing: () => m.kind_closing,
};
const reasons: Readonly<Record<string, () => string>> = {
  rightEnded: () => m.why_rightEnded,
  unsigned: () => m.why_unsigned,
  unknownOver: () => m.why_unknownOver,
  notThisHomeroom: () => m.why_notHomeroom,
  denied: () => m.why_notHomeroom,
  notEnrolled: () => m.why_notEnrolled,
};
const failures: Readonly<Record<string, () => string>> = {
  notOpen: () => m.failed_notOpen,
  notPermitted: () => m.failed_notPermitted,
  notSound: () => m.failed_notSound,
  badOver: () => m.failed_badOver,
  staleOver: () => m.failed_staleOver,
};
const troubles: Readonly<Record<string, () => string>> = {
  offline: () => m.trouble_offline,
  signedOut: () => m.trouble_signedOut,
  denied: () => m.trouble_denied,
};

/** Why a row did not enter the register by itself. */
export function reasonOf({ state, code }: Pick<TrayRow, 'state' | 'code'>): string {
  if (state === 'held') return m.why_held;
  return reasons[code]?.() ?? m.why_other(code);
}

export function failureOf(code: string): string {
  return failures[code]?.() ?? m.failed_other;
}

export function troubleOf(code: string): string {
  return troubles[code]?.() ?? m.trouble_other;
}

export function kindOf(kind: string): string {
  return kinds[kind]?.() ?? m.kind_other;
}

/** Whom a cell is about: a pupil, or the item of another kind of record. */
export function subjectOf({ key, pupil }: TrayCell, kind: string): string {
  if (pupil) {
    const number = pupil.rosterNumber === null ? '' : m.rosterNumber(pupil.rosterNumber);
    return m.pupilName(pupil.homeroom, number, pupil.name);
  }
  return kind === 'attendance' ? m.unknownPupil : key;
}

/** A value as it was written. A mark by its name; anything else as it stands. */
export function valueWords(value: unknown, kind: string): string {
  if (kind !== 'attendance') return value === null ? m.takenBack : textOf(value);
  if (value === null) return m.takenBack;
  const { mark, note } = (typeof value === 'object' ? value : {}) as { mark?: unknown; note?: unknown };
  const found = findMark([...defaultMarks.values()], typeof mark === 'string' ? mark : null);
  const words = found ? markName(found) : textOf(mark ?? value);
  return typeof note === 'string' && note !== '' ? m.noted(words, note) : words;
}

/** The texts in a value, for kinds that this screen does not know by their fields. */
function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.values(value)
    .flatMap((each) => (each === null || each === '' || typeof each === 'boolean' ? [] : [textOf(each)]))
    .join('、');
}

/** What the register shows of a cell now, with who wrote it. */
export function presentWords({ present }: TrayCell, kind: string): string {
  if (present.length === 0) return m.empty;
  return present.map(({ value, by }) => m.shownBy(valueWords(value, kind), by)).join('、');
}
