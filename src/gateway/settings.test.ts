import { describe, expect, it } from 'vitest';
import { terminalLanguage } from './messages.ts';
import { readSettings } from './settings.ts';

describe('readSettings', () => {
  it('has a start for a fresh machine', () => {
    expect(readSettings({}, '/opt/amenimo')).toEqual({
      ok: true,
      settings: {
        port: 8080,
        host: '127.0.0.1',
        dataDir: '/opt/amenimo/data',
        couchdbUrl: null,
        practiceCity: true,
        practiceNow: null,
        boardCode: 'city',
        trustProxy: false,
        publicUrl: null,
        singleSignOnFile: null,
        auditDays: 400,
      },
    });
  });

  it('[AU30] keeps the access log for no less than a year', () => {
    expect(readSettings({ AUDIT_DAYS: '365' })).toMatchObject({ ok: true, settings: { auditDays: 365 } });
    for (const AUDIT_DAYS of ['364', '0', '-400', '1e3', 'ever']) {
      expect(readSettings({ AUDIT_DAYS })).toMatchObject({ ok: false, problems: [{ name: 'AUDIT_DAYS' }] });
    }
  });

  it('reads what is set, and an empty variable as absent', () => {
    const read = readSettings({
      PORT: '0',
      HOST: '::1',
      DATA_DIR: '/srv/amenimo',
      COUCHDB_URL: 'https://admin:secret@db.example:6984/',
      PRACTICE_CITY: '0',
      BOARD_CODE: '',
      TRUST_PROXY: '1',
    });
    expect(read).toMatchObject({
      ok: true,
      settings: {
        port: 0,
        host: '::1',
        dataDir: '/srv/amenimo',
        practiceCity: false,
        boardCode: 'city',
        trustProxy: true,
        publicUrl: null,
        singleSignOnFile: null,
      },
    });
  });

  it.each([
    ['PORT', '80a'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '8080.5'],
    ['HOST', 'not a host'],
    ['COUCHDB_URL', 'db.example:5984'],
    ['COUCHDB_URL', 'ftp://db.example'],
    ['PRACTICE_CITY', 'no'],
    ['PRACTICE_NOW', '2026-11-20'],
    ['PRACTICE_NOW', '2026-13-20T08:15:00+09:00'],
    ['BOARD_CODE', 'Amenimo_1'],
    ['TRUST_PROXY', 'true'],
  ])('stops at %s=%s with a sentence that says what to do', (name, value) => {
    const read = readSettings({ [name]: value });
    if (read.ok) throw new Error('taken');
    expect(read.problems).toHaveLength(1);
    expect(read.problems[0]?.sentence.ja).toContain(name);
    expect(read.problems[0]?.sentence.en).toContain(name);
  });

  it('reads the practice city’s moment in its zone', () => {
    const read = readSettings({ PRACTICE_NOW: '2026-11-20T08:15:00+09:00' });
    expect(read.ok && read.settings.practiceNow).toBe(Date.UTC(2026, 10, 19, 23, 15));
  });

  it('names every problem at once', () => {
    const read = readSettings({ PORT: 'x', PRACTICE_CITY: 'x' });
    expect(!read.ok && read.problems.map(({ name }) => name)).toEqual(['PORT', 'PRACTICE_CITY']);
  });
});

it('takes the language from the terminal’s locale', () => {
  expect(terminalLanguage({ LANG: 'ja_JP.UTF-8' })).toBe('ja');
  expect(terminalLanguage({ LANG: 'ja_JP.UTF-8', LC_ALL: 'C' })).toBe('en');
  expect(terminalLanguage({})).toBe('en');
});
