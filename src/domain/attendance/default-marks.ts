import type { MarkDefinition, MarkTable } from './marks.ts';

/**
 * The marks a school starts with until its board decides its own; 災 and 出 are our choice (school-records 2a).
 *
 * `precedence`: decisions of the principal and the nurse (停, 災, 忌, 出席扱い) stand above what is seen in the
 * classroom, and there the graver above the lighter. 停 by misconduct stands below 停 by infection, so that a
 * disagreement between the two shows the less revealing one.
 */
const definitions: readonly MarkDefinition[] = [
  {
    code: 'present',
    symbol: '',
    name: { ja: '出席', en: 'Present' },
    counts: { as: 'present' },
    order: 0,
    precedence: 0,
  },
  {
    code: 'sick',
    symbol: '病',
    name: { ja: '病欠', en: 'Absent, illness' },
    counts: { as: 'absent', reason: 'illness' },
    order: 1,
    precedence: 51,
  },
  {
    code: 'other',
    symbol: '事',
    name: { ja: '事故欠', en: 'Absent, other reason' },
    counts: { as: 'absent', reason: 'other' },
    order: 2,
    precedence: 50,
  },
  {
    code: 'late',
    symbol: 'チ',
    name: { ja: '遅刻', en: 'Late' },
    counts: { as: 'present', late: true },
    order: 3,
    precedence: 31,
  },
  {
    code: 'earlyDeparture',
    symbol: '早',
    name: { ja: '早退', en: 'Early departure' },
    counts: { as: 'present', earlyDeparture: true },
    order: 4,
    precedence: 30,
  },
  {
    code: 'lateAndEarly',
    symbol: 'チ早',
    name: { ja: '遅刻・早退', en: 'Late and early departure' },
    counts: { as: 'present', late: true, earlyDeparture: true },
    order: 5,
    precedence: 32,
  },
  {
    code: 'suspendedInfection',
    symbol: '停',
    name: { ja: '出席停止(感染症)', en: 'Suspended, infectious disease' },
    counts: { as: 'excluded', reason: 'infectiousDisease' },
    order: 6,
    precedence: 91,
  },
  {
    code: 'bereavement',
    symbol: '忌',
    name: { ja: '忌引', en: 'Bereavement' },
    counts: { as: 'excluded', reason: 'bereavement' },
    order: 7,
    precedence: 70,
  },
  {
    code: 'disaster',
    symbol: '災',
    name: { ja: '非常変災等', en: 'Disaster or the like' },
    counts: { as: 'excluded', reason: 'disaster' },
    order: 8,
    precedence: 80,
  },
  {
    code: 'credited',
    symbol: '出',
    name: { ja: '出席扱い', en: 'Credited as attendance' },
    counts: { as: 'present', credited: true },
    order: 9,
    precedence: 60,
  },
  {
    code: 'suspendedMisconduct',
    symbol: '停',
    name: { ja: '出席停止(性行不良)', en: 'Suspended, misconduct' },
    counts: { as: 'excluded', reason: 'misconduct' },
    order: 10,
    precedence: 90,
  },
];

export const defaultMarks: MarkTable = new Map(
  definitions.map((definition) => [definition.code, definition]),
);
