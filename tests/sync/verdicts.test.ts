import { beforeEach, describe, expect, it } from 'vitest';
import { calendarDate } from '../../src/domain/calendar/calendar-date.ts';
import type { Entry } from '../../src/ledger/entry.ts';
import { foldEntries } from '../../src/ledger/fold.ts';
import { attendanceKey } from '../../src/ledger/kinds.ts';
import { streamKey } from '../../src/ledger/stream.ts';
import {
  attendance,
  entryOf,
  grantOf,
  homeroomId,
  NOW,
  otherStream,
  pupilId,
  SCHOOL,
  stream,
  TODAY,
} from '../../src/gateway/testing/small-town.ts';
import { nameOf, type TestClient } from '../../src/gateway/testing/test-client.ts';
import { TestGateway } from '../../src/gateway/testing/test-gateway.ts';

const pupil = (n: number): string => pupilId(SCHOOL, 1, n);

let town: TestGateway;
let nurse: TestClient;
beforeEach(async () => {
  town = await TestGateway.open();
  nurse = await town.signIn('nurse', 'tablet-7');
});

const mark = (n: number, value: string, over: string[] = []): Entry =>
  attendance({ by: 'nurse', marks: { [pupil(n)]: value }, over });

async function push(...entries: unknown[]): Promise<string[]> {
  return (await nurse.push(stream, ...entries)).map(nameOf);
}

async function isStored(id: string): Promise<boolean> {
  return (await town.store.getEntries(stream.db, [id]))[0] !== null;
}

describe('a push', () => {
  it('[SY39] is stamped with when, whose, through which device, and as which of its stream', async () => {
    const count = (await town.gateway.parts.streams.open(stream)).index.state.count;
    const verdicts = await nurse.push(stream, mark(1, 'sick'), mark(2, 'late'));
    const received = { at: NOW, by: 'nurse', device: 'tablet-7' };
    expect(verdicts).toMatchObject([
      { verdict: 'accepted', received: { ...received, n: count + 1 } },
      { verdict: 'accepted', received: { ...received, n: count + 2 } },
    ]);
  });

  it('[SY31] is accepted once the store has it, in one write for the whole request', async () => {
    town.store.calls.putEntries = 0;
    const entries = [1, 2, 3].map((n) => mark(n, 'sick'));
    expect(await push(...entries)).toEqual(['accepted', 'accepted', 'accepted']);
    expect(town.store.calls.putEntries).toBe(1);
    for (const entry of entries) expect(await isStored(entry._id)).toBe(true);
  });

  it('[SY30, SY51] loses one poison entry among forty, and no other', async () => {
    const entries: unknown[] = Array.from({ length: 40 }, (_, i) => mark((i % 3) + 1, 'present'));
    entries[17] = { ...(entries[17] as Entry), cells: [{ key: 'x', value: '<script>', over: [] }] };
    const verdicts = await push(...entries);
    expect(verdicts[17]).toBe('refused:hashMismatch');
    expect(verdicts.filter((verdict) => verdict === 'accepted')).toHaveLength(39);
  });

  it('[SY32] of what is stored is accepted again with its first stamp, also twice in one request', async () => {
    const entry = mark(1, 'sick');
    const [once, twice] = await nurse.push(stream, entry, entry);
    town.clock.now += 60_000;
    const [again] = await nurse.push(stream, entry);
    expect(once?.verdict).toBe('accepted');
    expect([twice, again]).toEqual([once, once]);
  });

  it('[SY32] of another’s stored row is accepted as a repetition, signed or not', async () => {
    const entry = mark(1, 'sick');
    const [first] = await nurse.push(stream, entry);
    const office = await town.signIn('office');
    expect(await office.push(stream, { ...entry, sig: 'another signature' })).toEqual([first]);
    const [stored] = await town.store.getEntries(stream.db, [entry._id]);
    expect(stored).not.toHaveProperty('sig');
  });

  it('[SY40] keeps two offline writers at one cell side by side', async () => {
    const teacher = await town.signIn('homeroom1');
    const here = attendance({ by: 'homeroom1', marks: { [pupil(1)]: 'present' } });
    const there = mark(1, 'suspendedInfection');
    expect((await teacher.push(stream, here)).map(nameOf)).toEqual(['accepted']);
    expect(await push(there)).toEqual(['accepted']);
    const fold = foldEntries(await nurse.pull(stream));
    expect(fold.headsOf(attendanceKey(pupil(1), TODAY))).toHaveLength(2);
  });
});

describe('a body', () => {
  const good = mark(1, 'sick');
  it.each<[string, unknown, string]>([
    [
      'changed under its id',
      { ...good, cells: [{ ...good.cells[0], value: { mark: 'late' } }] },
      'hashMismatch',
    ],
    ['by another', { ...good, by: 'office' }, 'hashMismatch'],
    ['with another revision', { ...good, _rev: `1-${'0'.repeat(32)}` }, 'wrongRevision'],
    ['with a second revision', { ...good, _rev: good._rev.replace('1-', '2-') }, 'wrongRevision'],
    [
      'of another stream',
      attendance({ by: 'nurse', of: otherStream, marks: { [pupil(1)]: 'sick' } }),
      'hashMismatch',
    ],
    ['under another period', { ...good, _id: good._id.replace('2026-06', '2026-07') }, 'wrongPeriod'],
    ['under another kind', { ...good, _id: good._id.replace('attendance', 'closing') }, 'wrongPeriod'],
    ['in another scope', { ...good, _id: good._id.replace('register:', 'other:') }, 'wrongStream'],
    ['with a field too many', { ...good, admin: true }, 'malformed'],
    ['without cells', { ...good, cells: [] }, 'malformed'],
    ['that is a text', 'entry', 'malformed'],
    ['that is nothing', null, 'malformed'],
    ['that is a list', [good], 'malformed'],
  ])('[SY33, SY51] %s is refused', async (_, entry, code) => {
    const before = await town.store.countEntries(stream.db);
    expect(await push(entry)).toEqual([`refused:${code}`]);
    expect(await town.store.countEntries(stream.db)).toBe(before);
  });

  it('[SY33] with a key that is not of its day, or a value that is none, is refused', async () => {
    const cell = (key: string, value: never): Entry =>
      entryOf(stream, { kind: 'attendance', by: 'nurse', cells: [{ key, value, over: [] }] });
    expect(await push(cell(attendanceKey(pupil(1), calendarDate('2026-06-09')), null as never))).toEqual([
      'refused:badCellKey',
    ]);
    expect(await push(cell(attendanceKey(pupil(1), TODAY), { mark: 1 } as never))).toEqual([
      'refused:badValue',
    ]);
  });

  it('[SY37] of a newer kind or version waits for a newer gateway', async () => {
    const newer = attendanceWith({ v: 2 });
    const kind = { ...mark(1, 'sick'), kind: 'seatingPlan' };
    expect(await push(newer)).toEqual(['later:unknownVersion']);
    expect(await push(kind)).toEqual(['refused:hashMismatch']);
    expect(await isStored(newer._id)).toBe(false);
  });

  function attendanceWith(body: Partial<Entry>): Entry {
    const key = attendanceKey(pupil(1), TODAY);
    return entryOf(stream, {
      kind: 'attendance',
      by: 'nurse',
      cells: [{ key, value: { mark: 'sick' }, over: [] }],
      ...body,
    });
  }
});

describe('over', () => {
  it('[SY34] may name what wrote the same cell, stored or earlier in the same push', async () => {
    const first = mark(1, 'sick');
    const second = mark(1, 'late', [first._id]);
    const third = mark(1, 'present', [second._id]);
    expect(await push(first, second)).toEqual(['accepted', 'accepted']);
    expect(await push(third)).toEqual(['accepted']);
  });

  it('[SY34] is refused where it names another cell, kind or scope', async () => {
    const other = mark(2, 'sick');
    const elsewhere = attendance({
      by: 'nurse',
      on: calendarDate('2026-06-09'),
      marks: { [pupil(1)]: 'sick' },
    });
    await push(other, elsewhere);
    const [roster] = (await nurse.pull(stream)).filter((entry) => entry.kind === 'enrollment');
    const scope = other._id.replace('register:', 'commons:');
    for (const over of [other._id, elsewhere._id, roster?._id ?? '', scope, 'nonsense']) {
      expect([over, await push(mark(1, 'late', [over]))]).toEqual([over, ['refused:badOver']]);
    }
    const pending = mark(3, 'sick');
    expect(await push(pending, mark(1, 'late', [pending._id]))).toEqual(['accepted', 'refused:badOver']);
  });

  it('[SY35] waits for an entry that may be on its way', async () => {
    const first = mark(1, 'sick');
    const second = mark(1, 'late', [first._id]);
    expect(await push(second)).toEqual(['later:unknownOver']);
    expect(await push(first)).toEqual(['accepted']);
    expect(await push(second)).toEqual(['accepted']);
  });

  it('[SY35] does not wait for one that was refused, then or earlier', async () => {
    const teacher = await town.signIn('homeroom1');
    const byTeacher = (over: string[], value: string): Entry =>
      attendance({ by: 'homeroom1', marks: { [pupil(1)]: value }, over });
    const tooWide = attendance({
      by: 'homeroom1',
      marks: { [pupil(1)]: 'sick', [pupilId(SCHOOL, 2, 1)]: 'sick' },
    });
    const after = byTeacher([tooWide._id], 'late');
    const verdicts = await teacher.push(stream, tooWide, after);
    expect(verdicts.map(nameOf)).toEqual(['refused:notThisHomeroom', 'accepted']);
    const later = byTeacher([tooWide._id, after._id], 'present');
    expect((await teacher.push(stream, later)).map(nameOf)).toEqual(['accepted']);
    const fold = foldEntries(await teacher.pull(stream));
    expect(fold.headsOf(attendanceKey(pupil(1), TODAY)).map((head) => head.entry.id)).toEqual([later._id]);
  });
});

describe('a linear kind', () => {
  const calendar = (key: string, title: string, over: string[]): Entry =>
    entryOf(stream, {
      kind: 'calendar',
      by: 'office',
      cells: [
        {
          key: `calendar/${key}`,
          value: { type: 'event', from: TODAY, until: '2026-06-11', scope: { kind: 'school' }, title },
          over,
        },
      ],
    });

  it('[SY36] is written over exactly the present heads', async () => {
    const office = await town.signIn('office');
    const send = async (...entries: Entry[]) => (await office.push(stream, ...entries)).map(nameOf);
    const first = calendar('a', '遠足', []);
    const second = calendar('a', '遠足（延期）', [first._id]);
    expect(await send(first, second)).toEqual(['accepted', 'accepted']);
    expect(await send(calendar('a', '遅い', []))).toEqual(['refused:staleOver']);
    expect(await send(calendar('a', '遅い', [first._id]))).toEqual(['refused:staleOver']);
    expect(await send(calendar('a', '遅い', [first._id, second._id]))).toEqual(['refused:staleOver']);
    expect(await send(calendar('a', '中止', [second._id]))).toEqual(['accepted']);
  });

  it('[SY36] is won by one of two who write at the same moment', async () => {
    const [office, vice] = [await town.signIn('office'), await town.signIn('vice')];
    const [a, b] = [calendar('x', 'a', []), { ...calendar('x', 'b', []) }];
    const byVice = entryOf(stream, { ...b, by: 'vice', salt: 'f'.repeat(32) });
    const verdicts = await Promise.all([office.push(stream, a), vice.push(stream, byVice)]);
    expect(verdicts.map(([verdict]) => nameOf(verdict)).sort()).toEqual(['accepted', 'refused:staleOver']);
  });

  it('[SY30] lets the roll of a new pupil follow the pupil in one push', async () => {
    const office = await town.signIn('office');
    const enrolment = entryOf(stream, {
      kind: 'enrollment',
      by: 'office',
      cells: [
        {
          key: 'student/new',
          value: {
            familyName: '雨野',
            givenName: '新',
            kanaFamilyName: 'アメノ',
            kanaGivenName: 'シン',
            gradeLevel: 'P1',
          },
          over: [],
        },
        {
          key: 'classEnrollment/new-e',
          value: {
            student: 'new',
            homeroom: homeroomId(SCHOOL, 1),
            rosterNumber: 4,
            from: TODAY,
            until: '2027-04-01',
            beganBy: 'transferIn',
            endedBy: null,
          },
          over: [],
        },
      ],
    });
    const roll = attendance({ by: 'office', marks: { new: 'present' } });
    expect((await office.push(stream, roll)).map(nameOf)).toEqual(['refused:notEnrolled']);
    const again = attendance({ by: 'office', marks: { new: 'present' } });
    expect((await office.push(stream, enrolment, again)).map(nameOf)).toEqual(['accepted', 'accepted']);
  });
});

describe('a right that has ended', () => {
  it('[SY38] leaves the row with its body in the school’s tray, once, and not in the register', async () => {
    const row = mark(1, 'sick');
    await town.gateway.parts.accounts.setGrants('nurse', []);
    expect(await push(row)).toEqual(['refused:inTray']);
    expect(await push(row)).toEqual(['refused:inTray']);
    expect(await isStored(row._id)).toBe(false);
    const [laid, ...more] = await town.store.listRecords('tray-s1', 'row:');
    expect(more).toEqual([]);
    expect(laid).toMatchObject({
      state: 'waiting',
      from: 'nurse',
      device: 'tablet-7',
      stream: streamKey(stream),
    });
    expect(laid?.entry).toMatchObject({ _id: row._id, cells: row.cells });
  });

  it('[SY38] is a homeroom’s too: who now has another one keeps yesterday’s roll', async () => {
    const teacher = await town.signIn('homeroom1');
    await town.gateway.parts.accounts.setGrants('homeroom1', [
      grantOf('homeroomTeacher', SCHOOL, { homeroomId: homeroomId(SCHOOL, 2) }),
    ]);
    const old = attendance({ by: 'homeroom1', marks: { [pupil(1)]: 'present' } });
    const present = attendance({ by: 'homeroom1', marks: { [pupilId(SCHOOL, 2, 1)]: 'present' } });
    expect((await teacher.push(stream, old, present)).map(nameOf)).toEqual(['refused:inTray', 'accepted']);
  });

  it('[SY38] does not become one by never having been there, nor by pushing without end', async () => {
    const subject = await town.signIn('subject');
    const row = attendance({ by: 'subject', marks: { [pupil(1)]: 'sick' } });
    expect((await subject.push(stream, row)).map(nameOf)).toEqual(['refused:notThisKind']);
    await town.gateway.parts.accounts.setGrants('nurse', []);
    const verdicts: string[] = [];
    for (let i = 0; i < 6; i++) {
      verdicts.push(...(await push(...Array.from({ length: 200 }, () => mark(1, 'sick')))));
    }
    expect(verdicts.filter((verdict) => verdict === 'refused:inTray')).toHaveLength(1000);
    expect(verdicts.filter((verdict) => verdict === 'later:trayFull')).toHaveLength(200);
  });
});
