import { expect, test } from 'vitest';
import { calendarDate } from '../domain/calendar/calendar-date.ts';
import { checkEntry, makeEntry, type EntryBody } from './entry.ts';
import { guardianKey, studentRecordKey } from './record-kinds.ts';
import {
  classScope,
  officialStream,
  parseSchoolDatabase,
  parseStreamKey,
  recordsStream,
  registerStream,
  streamKey,
  type Stream,
} from './stream.ts';

const register = registerStream('S1', 2026);
const records = recordsStream('S1', 2026, 's1-h1');
const official1 = officialStream('S1', 'official1');
const official2 = officialStream('S1', 'official2');

test('the name of a database says whose it is', () => {
  expect(parseSchoolDatabase(register.db)).toEqual({ class: 'register', schoolCode: 'S1', schoolYear: 2026 });
  expect(parseSchoolDatabase(records.db)).toEqual({ class: 'records', schoolCode: 'S1', schoolYear: 2026 });
  expect(parseSchoolDatabase(official1.db)).toEqual({
    class: 'official1',
    schoolCode: 'S1',
    schoolYear: null,
  });
  expect(parseSchoolDatabase(official2.db)?.class).toBe('official2');
  for (const db of [
    'records-s1',
    'official1-s1-2026',
    'accounts-city',
    'audit-city',
    'official3-s1',
    'records',
  ])
    expect(parseSchoolDatabase(db)).toBeNull();
});

test('[LE23] a class has a scope that no other class has', () => {
  const ids = ['s1-h1', 'S1-H1', 's1.h1', 's1_h1', 'b2ad9a1c-5a7e-4f3c-8f6e-0c1d2e3f4a5b'];
  const hashed = classScope('S1-H1');
  const scopes = [...ids, hashed, hashed.toUpperCase()].map(classScope);
  expect(new Set(scopes).size).toBe(scopes.length);
  expect(classScope('s1-h1')).toBe('s1-h1');
  for (const scope of scopes) expect(parseStreamKey(`records-s1-2026/${scope}`)).not.toBeNull();
  expect(parseStreamKey(streamKey(recordsStream('S1', 2026, 'x'.repeat(64))))).not.toBeNull();
});

const body: Omit<EntryBody, 'kind' | 'cells'> = {
  v: 1,
  salt: '0'.repeat(32),
  on: calendarDate('2026-06-10'),
  madeAt: 0,
  by: 'person',
  device: 'device',
};
const guardian = (stream: Stream) =>
  makeEntry(stream, {
    ...body,
    kind: 'guardian',
    cells: [{ key: guardianKey('pupil'), value: { contacts: [] }, over: [] }],
  });
const attendance = (stream: Stream) =>
  makeEntry(stream, {
    ...body,
    kind: 'attendance',
    cells: [{ key: 'pupil/2026-06-10', value: { mark: 'sick' }, over: [] }],
  });
const studentRecord = (stream: Stream) =>
  makeEntry(stream, {
    ...body,
    kind: 'studentRecord',
    cells: [
      {
        key: studentRecordKey('pupil'),
        over: [],
        value: {
          officialFamilyName: '雨野',
          officialGivenName: '児童',
          kanaFamilyName: '',
          kanaGivenName: '',
          birthDate: '2019-06-01',
          address: '',
          guardian: { name: '', kana: '', address: null },
          admission: { type: 'admission', on: '2026-04-06', gradeLevel: 'P1', from: '' },
        },
      },
    ],
  });

test('[LE22] a kind is taken in its own class of databases alone', () => {
  const streams = [register, records, official1, official2];
  const codes = (make: (stream: Stream) => unknown) =>
    streams.map((stream) => {
      const check = checkEntry(stream, make(stream));
      return check.ok ? 'ok' : check.code;
    });
  expect(codes(attendance)).toEqual(['ok', 'wrongStream', 'wrongStream', 'wrongStream']);
  expect(codes(guardian)).toEqual(['wrongStream', 'ok', 'wrongStream', 'wrongStream']);
  expect(codes(studentRecord)).toEqual(['wrongStream', 'wrongStream', 'ok', 'wrongStream']);
});

test('[LE8] what lasts beyond its year lies in one period, whatever day it is about', () => {
  expect(studentRecord(official1)._id).toMatch(/^official:0000-00:studentRecord:/);
  expect(guardian(records)._id).toMatch(/^s1-h1:2026-00:guardian:/);
});
