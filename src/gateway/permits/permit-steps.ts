import { isOver, type Permit } from '../../access/permit.ts';
import type { CalendarDate } from '../../domain/calendar/calendar-date.ts';

/** Each step gives the permit after it, or null where it cannot be taken from here. */

export function decided(
  permit: Permit,
  by: string,
  at: number,
  granted: boolean,
  decisionNote: string,
): Permit | null {
  if (permit.state !== 'requested') return null;
  return {
    ...permit,
    state: granted ? 'granted' : 'refused',
    decidedAt: at,
    decidedBy: by,
    decisionNote,
  };
}

/** Its person says that nothing is outside any more, or no longer wants what was asked for. */
export function returned(permit: Permit, at: number): Permit | null {
  const back = { returnedAt: at, returnedBy: 'person' } as const;
  switch (permit.state) {
    case 'requested':
      return { ...permit, state: 'withdrawn' };
    case 'granted':
      return { ...permit, ...back, state: 'returned', endedAt: at };
    case 'expired':
    case 'revoked':
      return permit.returnedAt === null ? { ...permit, ...back } : null;
    default:
      return null;
  }
}

export function revoked(permit: Permit, at: number): Permit | null {
  return permit.state === 'granted' ? { ...permit, state: 'revoked', endedAt: at } : null;
}

export function expired(permit: Permit, today: CalendarDate, at: number): Permit | null {
  return isOver(permit, today) ? { ...permit, state: 'expired', endedAt: at } : null;
}

/** The device holds it outside for the first time. */
export function taken(permit: Permit, at: number): Permit | null {
  return permit.state === 'granted' && permit.takenAt === null ? { ...permit, takenAt: at } : null;
}

/** After its end the device was seen in school or without the data. */
export function returnedByDevice(permit: Permit, at: number): Permit | null {
  const isEnded = permit.state === 'expired' || permit.state === 'revoked';
  if (!isEnded || permit.takenAt === null || permit.returnedAt !== null) return null;
  return { ...permit, returnedAt: at, returnedBy: 'device' };
}
