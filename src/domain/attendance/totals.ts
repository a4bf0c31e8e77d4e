import type { PupilDay } from './pupil-day.ts';

/**
 * 出欠の記録 of a pupil, or their sum over pupils. Of every total,
 * `schoolDayCount = excludedDayCount + absentDayCount + presentDayCount + unmarkedDayCount`: it is complete, and
 * 出席日数 is what the law asks for, when `unmarkedDayCount` and `conflictDayCount` are 0.
 */
export interface AttendanceTotals {
  /** 授業日数. */
  readonly schoolDayCount: number;
  /** 出席停止・忌引等の日数. */
  readonly excludedDayCount: number;
  /** 出席しなければならない日数 = 授業日数 − 出席停止・忌引等の日数. */
  readonly requiredDayCount: number;
  /** 欠席日数 = 病欠 + 事故欠. */
  readonly absentDayCount: number;
  readonly illnessDayCount: number;
  readonly otherAbsentDayCount: number;
  /** 出席日数: days somebody marked as presence, late, early departure and 出席扱い included. */
  readonly presentDayCount: number;
  /** 遅刻. */
  readonly lateCount: number;
  /** 早退. */
  readonly earlyDepartureCount: number;
  /** 出席扱い, of the present days. */
  readonly creditedDayCount: number;
  /** Due days without a readable mark; they are neither presence nor absence. */
  readonly unmarkedDayCount: number;
  /** Due days in disagreement; each is counted by its provisional value. */
  readonly conflictDayCount: number;
}

type Tally = { -readonly [Name in keyof AttendanceTotals]: number };

/** Counts the days that are due; the others add nothing. */
export function totalsOf(days: Iterable<PupilDay>): AttendanceTotals {
  const totals = noTotals();
  for (const day of days) if (day.isDue) addDueDay(totals, day);
  totals.requiredDayCount = totals.schoolDayCount - totals.excludedDayCount;
  return totals;
}

export function sumTotals(all: Iterable<AttendanceTotals>): AttendanceTotals {
  const sum = noTotals();
  for (const totals of all) {
    for (const name of Object.keys(sum) as (keyof AttendanceTotals)[]) sum[name] += totals[name];
  }
  return sum;
}

function addDueDay(totals: Tally, { kind, resolved }: PupilDay): void {
  totals.schoolDayCount += 1;
  // 学級閉鎖: nobody could attend, so a mark made before the closure does not count.
  if (kind === 'homeroomClosure') {
    totals.excludedDayCount += 1;
    return;
  }
  if (resolved.state === 'unmarked' || resolved.state === 'unreadable') {
    totals.unmarkedDayCount += 1;
    return;
  }
  if (resolved.state === 'conflict') totals.conflictDayCount += 1;
  const { counts } = resolved.mark;
  if (counts.as === 'excluded') totals.excludedDayCount += 1;
  if (counts.as === 'absent') {
    totals.absentDayCount += 1;
    if (counts.reason === 'illness') totals.illnessDayCount += 1;
    else totals.otherAbsentDayCount += 1;
  }
  if (counts.as === 'present') {
    totals.presentDayCount += 1;
    if (counts.late) totals.lateCount += 1;
    if (counts.earlyDeparture) totals.earlyDepartureCount += 1;
    if (counts.credited) totals.creditedDayCount += 1;
  }
}

function noTotals(): Tally {
  return {
    schoolDayCount: 0,
    excludedDayCount: 0,
    requiredDayCount: 0,
    absentDayCount: 0,
    illnessDayCount: 0,
    otherAbsentDayCount: 0,
    presentDayCount: 0,
    lateCount: 0,
    earlyDepartureCount: 0,
    creditedDayCount: 0,
    unmarkedDayCount: 0,
    conflictDayCount: 0,
  };
}
