import { beforeEach, describe, expect, it } from 'vitest';
import { calendarDate } from '../../src/domain/calendar/calendar-date.ts';
import {
  attendance,
  OTHER_SCHOOL,
  otherStream,
  pupilId,
  SCHOOL,
  stream,
  TODAY,
} from '../../src/gateway/testing/small-town.ts';
import { TestGateway } from '../../src/gateway/testing/test-gateway.ts';

let town: TestGateway;
beforeEach(async () => {
  town = await TestGateway.open();
});

async function today(query = ''): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await (await town.signIn('supervisor')).send('GET', `/api/board/today${query}`);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const none = {
  homerooms: 2,
  taken: 0,
  enrolled: 6,
  present: 0,
  absent: 0,
  suspended: 0,
  otherExcluded: 0,
  late: 0,
  earlyDeparture: 0,
  unmarked: 6,
};

describe('the board’s day', () => {
  it('[AC12] counts each school and all of them, as rolls come in', async () => {
    expect((await today()).body).toMatchObject({
      date: TODAY,
      total: { homerooms: 4, taken: 0, unmarked: 12 },
    });
    const teacher = await town.signIn('homeroom1');
    const [a, b, c] = [1, 2, 3].map((p) => pupilId(SCHOOL, 1, p)) as [string, string, string];
    const roll = attendance({
      by: 'homeroom1',
      marks: { [a]: 'present', [b]: 'sick', [c]: 'late' },
    });
    await teacher.push(stream, roll);
    const nurse = await town.signIn('nurse');
    const [first] = [pupilId(SCHOOL, 2, 1)];
    await nurse.push(stream, attendance({ by: 'nurse', marks: { [first]: 'suspendedInfection' } }));
    const { body } = await today();
    expect(body.schools).toEqual([
      {
        code: SCHOOL,
        name: 'S1小学校',
        ...none,
        taken: 1,
        present: 2,
        absent: 1,
        suspended: 1,
        late: 1,
        unmarked: 2,
      },
      { code: OTHER_SCHOOL, name: 'S2小学校', ...none },
    ]);
    expect(body.total).toMatchObject({ homerooms: 4, taken: 1, enrolled: 12, present: 2, unmarked: 8 });
  });

  it('[AC12] is any day that is asked for, and none that is no day', async () => {
    await town.writeAround(otherStream, [
      attendance({
        by: 'import',
        of: otherStream,
        on: calendarDate('2026-06-09'),
        marks: { [pupilId(OTHER_SCHOOL, 1, 1)]: 'sick' },
      }),
    ]);
    expect((await today('?date=2026-06-09')).body.total).toMatchObject({ absent: 1, unmarked: 11 });
    expect((await today('?date=2026-06-07')).body.total).toMatchObject({ homerooms: 0, unmarked: 0 });
    expect((await today('?date=2025-06-09')).body.schools).toEqual([]);
    expect((await today('?date=2026-06-31')).status).toBe(400);
  });
});
