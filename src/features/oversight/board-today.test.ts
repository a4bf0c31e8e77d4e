import { describe, expect, it } from 'vitest';
import { calendarDate } from '#domain/calendar/calendar-date.ts';
import { BoardDay, parseBoardToday, type BoardToday } from '#features/oversight/board-today.svelte.ts';

const counts = {
  homerooms: 2,
  taken: 1,
  enrolled: 60,
  present: 28,
  absent: 2,
  suspended: 0,
  otherExcluded: 0,
  late: 1,
  earlyDeparture: 0,
  unmarked: 30,
};
const today: BoardToday = {
  date: '2026-11-20',
  schools: [{ code: 'S1', name: 'A', ...counts }],
  total: counts,
};
const date = calendarDate('2026-11-20');

describe('the board’s day', () => {
  it('takes the gateway’s answer and nothing that only looks like one', () => {
    expect(parseBoardToday(structuredClone(today))).toEqual(today);
    expect(parseBoardToday({ ...today, schools: [{ code: 'S1' }] })).toBeNull();
    expect(parseBoardToday({ ...today, total: {} })).toBeNull();
    expect(parseBoardToday('<html>')).toBeNull();
  });

  it('keeps the last figures with their time while offline', async () => {
    let answer: () => Promise<Response> = () => Promise.resolve(Response.json(today));
    const board = new BoardDay(
      () => answer(),
      () => 1000,
    );
    await board.load(date);
    answer = () => Promise.reject(new TypeError('failed to fetch'));
    await board.load(date);
    expect(board.trouble).toBe('offline');
    expect(board.answer).toEqual({ today, at: 1000 });
  });

  it('says why there are no figures', async () => {
    const troubleAt = async (response: Response) => {
      const board = new BoardDay(() => Promise.resolve(response));
      await board.load(date);
      return board.trouble;
    };
    expect(await troubleAt(new Response('', { status: 401 }))).toBe('signedOut');
    expect(await troubleAt(new Response('', { status: 403 }))).toBe('denied');
    expect(await troubleAt(new Response('<html>', { status: 200 }))).toBe('serverTrouble');
  });
});
