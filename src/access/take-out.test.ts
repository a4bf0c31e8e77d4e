import { describe, expect, it } from 'vitest';
import { calendarDate } from '../domain/calendar/calendar-date.ts';
import { officialStream, recordsStream, registerStream, streamKey } from '../ledger/stream.ts';
import { importanceOf } from './importance.ts';
import { findPermit, isInForce, isOver, permitStates, type Permit } from './permit.ts';
import { protections } from './protection.ts';
import { canHoldStream, type Circumstances } from './take-out.ts';
import type { Subject } from './subject.ts';

const TODAY = calendarDate('2026-06-10');
const register = registerStream('S1', 2026);
const records = recordsStream('S1', 2026, 's1-h1');
const official = officialStream('S1', 'official1');
const span = { from: calendarDate('2026-04-01'), until: calendarDate('2027-04-01') };
const nurse: Subject = { personId: 'nurse', grants: [{ role: 'schoolNurse', schoolCode: 'S1', ...span }] };
const office: Subject = { personId: 'office', grants: [{ role: 'officeStaff', schoolCode: 'S1', ...span }] };
const board: Subject = {
  personId: 'board',
  grants: [{ role: 'boardAdministrator', schoolCode: null, ...span }],
};

const permit: Permit = {
  id: 'permit-1',
  personId: 'nurse',
  schoolCode: 'S1',
  streams: [streamKey(records)],
  reason: '家庭訪問',
  from: TODAY,
  until: calendarDate('2026-06-13'),
  device: 'tablet',
  storage: 'managedDisk',
  state: 'granted',
  requestedAt: 0,
  decidedAt: 0,
  decidedBy: 'principal',
  decisionNote: '',
  takenAt: null,
  endedAt: null,
  returnedAt: null,
  returnedBy: null,
};

const circumstances: Circumstances = {
  secondFactor: true,
  place: 'school',
  permit: null,
  blanketPermission: true,
  device: { ownership: 'school', protection: 'passkey' },
  policy: { privateDevices: 'allow' },
};
const hold = (stream = records, changes: Partial<Circumstances> = {}, subject = nurse, today = TODAY) => {
  const decision = canHoldStream(subject, stream, { ...circumstances, ...changes }, today);
  return `${decision.hold} ${decision.because}`;
};
const schoolDevice = (protection: Circumstances['device']['protection']): Circumstances['device'] => ({
  ownership: 'school',
  protection,
});
const privateDevice = (protection: Circumstances['device']['protection']): Circumstances['device'] => ({
  ownership: 'private',
  protection,
});

describe('importance', () => {
  it('[AC60] follows from the database, and the gateway’s own have none', () => {
    expect(
      Object.fromEntries(
        [
          ...['register-s1-2026', 'commons-city', 'records-s1-2026', 'official1-s1', 'official2-s1'],
          ...['accounts-city', 'audit-city', 'tray-s1', 'oversight-city', 'records-s1', 'somebody-elses'],
        ].map((db) => [db, importanceOf(db)]),
      ),
    ).toEqual({
      'register-s1-2026': 3,
      'commons-city': 3,
      'records-s1-2026': 2,
      'official1-s1': 1,
      'official2-s1': 1,
      'accounts-city': null,
      'audit-city': null,
      'tray-s1': null,
      'oversight-city': null,
      'records-s1': null,
      'somebody-elses': null,
    });
  });
});

describe('importance Ⅲ', () => {
  it('[AC70] is held anywhere under the blanket permission, without it in school', () => {
    expect(hold(register)).toBe('disk blanketPermission');
    expect(hold(register, { place: 'outside' })).toBe('disk blanketPermission');
    expect(hold(register, { place: 'outside', secondFactor: false })).toBe('disk blanketPermission');
    expect(hold(register, { blanketPermission: false })).toBe('disk inSchool');
    expect(hold(register, { blanketPermission: false, place: 'outside' })).toBe(
      'no outsideWithoutBlanketPermission',
    );
  });

  it('[AC74] is held by a private device as the policy says', () => {
    const device = privateDevice('passkey');
    expect(hold(register, { device })).toBe('disk blanketPermission');
    expect(hold(register, { device, policy: { privateDevices: 'memoryOnly' } })).toBe(
      'memory privateDeviceInMemory',
    );
    expect(hold(register, { device, policy: { privateDevices: 'refuse' } })).toBe('no privateDeviceRefused');
    expect(hold(register, { policy: { privateDevices: 'refuse' } })).toBe('disk blanketPermission');
  });

  it('is nobody’s who may not read it', () => {
    expect(hold(register, {}, board)).toBe('no notReadable');
    expect(hold(register, {}, nurse, calendarDate('2027-04-01'))).toBe('no notReadable');
    expect(hold(recordsStream('S2', 2026, 's2-h1'))).toBe('no notReadable');
  });
});

describe('importance Ⅱ', () => {
  it('[AC71] needs a second factor, wherever and under whatever permit', () => {
    expect(hold(records, { secondFactor: false })).toBe('no secondFactorMissing');
    expect(hold(records, { secondFactor: false, place: 'outside', permit })).toBe('no secondFactorMissing');
  });

  it('[AC72] leaves the school under an own permit in force that names the stream', () => {
    const outside = (changes: Partial<Permit> | null, today = TODAY, subject = nurse) =>
      hold(records, { place: 'outside', permit: changes && { ...permit, ...changes } }, subject, today);
    expect(outside(null)).toBe('no outsideWithoutPermit');
    expect(outside({})).toBe('disk permit');
    expect(outside({ personId: 'office' })).toBe('no outsideWithoutPermit');
    expect(outside({}, TODAY, office)).toBe('no outsideWithoutPermit');
    expect(outside({ streams: ['records-s1-2026/s1-h2'] })).toBe('no outsideWithoutPermit');
    expect(outside({}, calendarDate('2026-06-09'))).toBe('no outsideWithoutPermit');
    expect(outside({}, calendarDate('2026-06-12'))).toBe('disk permit');
    expect(outside({}, calendarDate('2026-06-13'))).toBe('no outsideWithoutPermit');
    for (const state of permitStates.filter((each) => each !== 'granted'))
      expect(outside({ state })).toBe('no outsideWithoutPermit');
  });

  it('[AC73] lies on a disk under a passkey or a permit for a managed disk, else in memory', () => {
    const table = protections.flatMap((protection) =>
      ([null, 'memory', 'passkey', 'managedDisk'] as const).flatMap((storage) =>
        (['school', 'outside'] as const).map((place) => {
          const own = storage && { ...permit, storage };
          const decision = hold(records, { place, permit: own, device: schoolDevice(protection) });
          return [`${protection} ${storage ?? 'none'} ${place}`, decision.split(' ')[0]];
        }),
      ),
    );
    expect(Object.fromEntries(table)).toEqual({
      'passkey none school': 'disk',
      'passkey none outside': 'no',
      'passkey memory school': 'disk',
      'passkey memory outside': 'memory',
      'passkey passkey school': 'disk',
      'passkey passkey outside': 'disk',
      'passkey managedDisk school': 'disk',
      'passkey managedDisk outside': 'disk',
      'managedDisk none school': 'memory',
      'managedDisk none outside': 'no',
      'managedDisk memory school': 'memory',
      'managedDisk memory outside': 'memory',
      'managedDisk passkey school': 'memory',
      'managedDisk passkey outside': 'memory',
      'managedDisk managedDisk school': 'disk',
      'managedDisk managedDisk outside': 'disk',
      'password none school': 'memory',
      'password none outside': 'no',
      'password memory school': 'memory',
      'password memory outside': 'memory',
      'password passkey school': 'memory',
      'password passkey outside': 'memory',
      'password managedDisk school': 'disk',
      'password managedDisk outside': 'disk',
      'memory none school': 'memory',
      'memory none outside': 'no',
      'memory memory school': 'memory',
      'memory memory outside': 'memory',
      'memory passkey school': 'memory',
      'memory passkey outside': 'memory',
      'memory managedDisk school': 'memory',
      'memory managedDisk outside': 'memory',
    });
  });

  it('[AC74] never lies on a private disk, and is refused where the policy refuses the device', () => {
    for (const protection of protections) {
      const device = privateDevice(protection);
      for (const privateDevices of ['allow', 'memoryOnly'] as const)
        for (const place of ['school', 'outside'] as const)
          expect(hold(records, { device, permit, place, policy: { privateDevices } })).toBe(
            'memory privateDeviceInMemory',
          );
      expect(hold(records, { device, permit, policy: { privateDevices: 'refuse' } })).toBe(
        'no privateDeviceRefused',
      );
    }
  });
});

describe('importance Ⅰ', () => {
  it('[AC75] is never held, whatever guards the device', () => {
    const forOfficial = { ...permit, personId: 'office', streams: [streamKey(official)] };
    for (const protection of protections)
      for (const place of ['school', 'outside'] as const)
        expect(hold(official, { place, permit: forOfficial, device: schoolDevice(protection) }, office)).toBe(
          'online official',
        );
    expect(hold(official, { secondFactor: false }, office)).toBe('no secondFactorMissing');
    expect(hold(official, {}, nurse)).toBe('no notReadable');
  });
});

describe('of several permits', () => {
  it('[AC72] the one that covers person, device, stream and day counts, and of those the widest', () => {
    const narrow: Permit = { ...permit, id: 'permit-2', storage: 'memory' };
    const find = (permits: readonly Permit[], device = 'tablet', today = TODAY) =>
      findPermit(permits, 'nurse', device, records, today)?.id;
    expect(find([narrow, permit])).toBe('permit-1');
    expect(find([narrow, { ...permit, device: 'other' }])).toBe('permit-2');
    expect(find([permit], 'other')).toBeUndefined();
    expect(find([{ ...permit, personId: 'office' }])).toBeUndefined();
    expect(find([permit], 'tablet', calendarDate('2026-06-13'))).toBeUndefined();
  });

  it('[AC78] each is over on the day that it no longer names', () => {
    const last = calendarDate('2026-06-12');
    const after = calendarDate('2026-06-13');
    expect([isInForce(permit, last), isOver(permit, last)]).toEqual([true, false]);
    expect([isInForce(permit, after), isOver(permit, after)]).toEqual([false, true]);
    expect(isOver({ ...permit, state: 'returned' }, after)).toBe(false);
  });
});
