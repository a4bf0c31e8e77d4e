import { describe, expect, it } from 'vitest';
import { auditKinds } from '#access/audit-kinds.ts';
import { locale } from '#ui/i18n/locale.svelte.ts';
import { parseAuditPage, type AuditLine } from './audit-api.ts';
import { auditCsv } from './audit-csv.ts';
import { periodOf } from './audit-period.ts';
import { auditSentence } from './audit-sentence.ts';

const people = { p1: { name: '星野 花', login: 't1' }, p2: { name: '=1+1', login: 't2' } };
const line = (more: Partial<AuditLine> = {}): AuditLine => ({
  seq: 7,
  at: Date.parse('2026-03-01T23:14:00Z'),
  kind: 'signedIn',
  by: 'p1',
  ...more,
});

describe('a line of the access log in words', () => {
  it('names who did it, and to whom', () => {
    expect(auditSentence(line(), people)).toBe('星野 花がサインインしました');
    expect(auditSentence(line({ kind: 'accountLocked', target: 'p1', by: 'p2' }), people)).toBe(
      '=1+1がアカウントを停止しました（対象: 星野 花）',
    );
    expect(auditSentence(line({ kind: 'signInRefused', by: null, target: 'p1' }), people)).toBe(
      '星野 花のサインインが断られました',
    );
    expect(auditSentence(line({ kind: 'signInRefused', by: null, count: 3 }), people)).toBe(
      'だれかのサインインが断られました（3 件）',
    );
    expect(auditSentence(line({ kind: 'accountCreated', by: null, code: 'commandLine' }), people)).toContain(
      '管理用コマンド',
    );
  });

  it.each(['ja', 'en'] as const)('has a sentence for every kind in %s', (language) => {
    const before = locale.current;
    locale.choose(language);
    try {
      for (const kind of auditKinds) {
        const text = auditSentence(line({ kind, by: 'p1', target: 'x1' }), people);
        expect(text).toMatch(/\S/);
        expect(text).not.toMatch(/undefined|null/);
      }
    } finally {
      locale.choose(before);
    }
  });
});

describe('the file of an export', () => {
  it('holds no formula, and Japan’s time', () => {
    const csv = auditCsv(
      { entries: [line({ by: 'p2', kind: 'printed', school: 'S1', device: 'd,1' })], next: null, people },
      [{ code: 'S1', name: '大網小学校' }],
    );
    expect(csv.startsWith('\ufeff')).toBe(true);
    const [, row = ''] = csv.split('\r\n');
    expect(row).toBe('7,2026-03-02 08:14:00,印刷,\'=1+1が印刷しました,t2,大網小学校,"d,1",');
  });
});

describe('the period', () => {
  it('takes both days whole, by Japan’s calendar', () => {
    expect(periodOf('2026-03-02', '2026-03-02')).toEqual({
      ok: true,
      value: { from: Date.parse('2026-03-01T15:00:00Z'), until: Date.parse('2026-03-02T15:00:00Z') },
    });
    expect(periodOf('', '')).toEqual({ ok: true, value: {} });
    expect(periodOf('2026-03-02', '2026-03-01')).toEqual({ ok: false });
  });
});

describe('the gateway’s answer', () => {
  it('is checked, and a kind that this app does not know is left out', () => {
    const entries = [line(), { ...line(), kind: 'somethingNew' }];
    expect(parseAuditPage({ entries, next: 3, people })).toEqual({ entries: [line()], next: 3, people });
    expect(parseAuditPage({ ok: true })).toBeNull();
    expect(parseAuditPage({ entries, next: 'x', people })).toBeNull();
  });
});
