import { describe, expect, it } from 'vitest';
import {
  formatAgo,
  formatDate,
  formatDateTime,
  formatEraYear,
  formatMonth,
  formatTime,
  formatWeekday,
} from '#ui/i18n/format-date.ts';

describe('formatDate', () => {
  it('writes every style in both languages', () => {
    const styles = ['full', 'long', 'day', 'short'] as const;
    expect(styles.map((style) => formatDate('2026-11-20', 'ja', style))).toEqual([
      '令和8年11月20日(金)',
      '令和8年11月20日',
      '11月20日(金)',
      '11/20(金)',
    ]);
    expect(styles.map((style) => formatDate('2026-11-20', 'en', style))).toEqual([
      'Fri, 20 Nov 2026',
      '20 November 2026',
      'Fri, 20 Nov',
      'Fri 20 Nov',
    ]);
  });

  it('changes the era within the year, and calls its first year 元年', () => {
    expect(formatDate('2019-04-30', 'ja')).toBe('平成31年4月30日(火)');
    expect(formatDate('2019-05-01', 'ja')).toBe('令和元年5月1日(水)');
    expect(formatDate('1989-01-07', 'ja', 'long')).toBe('昭和64年1月7日');
    expect(formatDate('1989-01-08', 'ja', 'long')).toBe('平成元年1月8日');
  });

  it('shows the written day whatever the time zone of the device', () => {
    const before = process.env.TZ;
    try {
      for (const zone of [
        'Pacific/Kiritimati',
        'Asia/Tokyo',
        'UTC',
        'America/Los_Angeles',
        'Pacific/Pago_Pago',
      ]) {
        process.env.TZ = zone;
        expect(formatDate('2026-04-01', 'ja'), zone).toBe('令和8年4月1日(水)');
        expect(formatTime('2026-04-01T23:20:00Z'), zone).toBe('8:20');
      }
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  });

  it.each(['2026-02-29', '2026-13-01', '2026-1-1', '20261120', '', '2026-11-20T00:00:00Z'])(
    'refuses %j',
    (text) => {
      expect(() => formatDate(text, 'ja')).toThrow(RangeError);
    },
  );
});

describe('parts of a date', () => {
  it('writes month, era year and weekday', () => {
    expect(formatMonth('2026-11', 'ja')).toBe('令和8年11月');
    expect(formatMonth('2026-11-20', 'en')).toBe('November 2026');
    expect(formatEraYear('2026-04-01', 'ja')).toBe('令和8年');
    expect(formatEraYear('2026-04-01', 'en')).toBe('2026');
    expect(formatWeekday('2026-11-22', 'ja')).toBe('日');
    expect(formatWeekday('2026-11-22', 'en')).toBe('Sun');
  });
});

describe('instants', () => {
  it('are shown by the clock in Japan', () => {
    expect(formatTime('2026-11-19T23:20:59Z')).toBe('8:20');
    expect(formatTime('2026-11-19T15:05:00Z')).toBe('0:05');
    expect(formatTime(Date.UTC(2026, 10, 20, 14, 59))).toBe('23:59');
    expect(formatDateTime('2026-11-19T23:20:00Z', 'ja')).toBe('11月20日(金) 8:20');
    expect(formatDateTime('2026-11-19T23:20:00Z', 'en', 'full')).toBe('Fri, 20 Nov 2026 8:20');
  });

  it('are told as time gone by', () => {
    const now = Date.UTC(2026, 10, 20);
    const minutesAgo = (minutes: number) => now - minutes * 60_000;
    expect(formatAgo(minutesAgo(0.5), now, 'ja')).toBe('今');
    expect(formatAgo(minutesAgo(3), now, 'ja')).toBe('3 分前');
    expect(formatAgo(minutesAgo(3), now, 'en')).toBe('3 minutes ago');
    expect(formatAgo(minutesAgo(61), now, 'en')).toBe('1 hour ago');
    expect(formatAgo(minutesAgo(24 * 60), now, 'ja')).toBe('昨日');
  });
});
