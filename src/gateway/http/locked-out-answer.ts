import { jsonAnswer } from './answers.ts';

/** 429: too many wrong tries; when the next one is looked at. */
export function lockedOutAnswer(retryAfterSeconds: number): Response {
  return jsonAnswer({ code: 'lockedOut', retryAfterSeconds }, 429, {
    'Retry-After': String(retryAfterSeconds),
  });
}

/** 503: the hasher has more to do than it can. */
export function busyAnswer(): Response {
  return jsonAnswer({ code: 'busy' }, 503, { 'Retry-After': '5' });
}
