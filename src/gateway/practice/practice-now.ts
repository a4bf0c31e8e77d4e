/** First and last instant at which the practice city's schools have something to do, in Japan's time. */
const FIRST = Date.parse('2026-04-08T00:00:00+09:00');
const LAST = Date.parse('2027-03-24T00:00:00+09:00');
/** A Friday in November, before the roll-call. */
const PRESET = Date.parse('2026-11-20T08:10:00+09:00');

/** Which moment it is in the practice city: the one asked for, else now, else one in the middle of its only year. */
export function practiceNow(asked: number | null, realNow: number): number {
  if (asked !== null) return asked;
  return realNow >= FIRST && realNow < LAST ? realNow : PRESET;
}
