import { describe, expect, it } from 'vitest';
import { calendarDate } from '../calendar/calendar-date.ts';
import { earliestReturn, type CountedInfection } from './infection-return.ts';

const d = calendarDate;
const back = (disease: CountedInfection, onset: string, relieved: string) =>
  earliestReturn({ disease, onsetOn: d(onset), relievedOn: d(relieved) });

describe('the day of return', () => {
  it('[AT50] after influenza waits five days after onset and two after fever (day-one case 4)', () => {
    expect(back('influenza', '2026-01-13', '2026-01-15')).toBe('2026-01-19');
    expect(back('influenza', '2026-01-13', '2026-01-16')).toBe('2026-01-19');
    expect(back('influenza', '2026-01-13', '2026-01-17')).toBe('2026-01-20');
  });

  it('[AT51] after COVID-19 waits five days after onset and one after relief', () => {
    expect(back('covid19', '2026-01-13', '2026-01-15')).toBe('2026-01-19');
    expect(back('covid19', '2026-01-13', '2026-01-17')).toBe('2026-01-19');
    expect(back('covid19', '2026-01-13', '2026-01-18')).toBe('2026-01-20');
  });

  it('[AT52] is not known while the fever lasts', () => {
    expect(earliestReturn({ disease: 'influenza', onsetOn: d('2026-01-13'), relievedOn: null })).toBeNull();
  });
});
