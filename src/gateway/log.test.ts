import { expect, it } from 'vitest';
import { createLog, describeError } from './log.ts';

it('writes one JSON object a line, from the least level on', () => {
  const lines: string[] = [];
  const log = createLog(
    (line) => lines.push(line),
    () => 0,
    'warn',
  );
  log.info('quiet');
  log.warn('loud', { count: 2, code: 'x'.repeat(500), none: undefined });
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    at: '1970-01-01T00:00:00.000Z',
    level: 'warn',
    event: 'loud',
    count: 2,
    code: 'x'.repeat(200),
  });
});

it('tells of an error what it is and where, never its message', () => {
  const facts = describeError(Object.assign(new TypeError('雨野 花子'), { code: 'E1' }));
  expect(facts).toMatchObject({ error: 'TypeError', code: 'E1' });
  expect(JSON.stringify(facts)).not.toContain('雨野');
  expect(describeError('雨野')).toEqual({ error: 'string' });
});
