import { needsSecondFactor } from '../../access/identity-access.ts';
import { calendarDateAt } from '../../domain/calendar/calendar-date.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { subjectOf, type Account } from '../identity/account.ts';
import type { Session } from '../identity/sessions.ts';
import { hasSecondFactor } from '../identity/step-up.ts';

/** All that is open to whom the board's policy asks for a second factor, until one is shown: the way to show it. */
export const openBeforeSecondFactor: ReadonlySet<string> = new Set([
  'GET /api/session',
  'POST /api/session/confirm/begin',
  'POST /api/session/confirm',
  'POST /api/session/password',
  'GET /api/factors',
  'POST /api/factors/totp/begin',
  'POST /api/factors/totp',
  'POST /api/factors/passkey/begin',
  'POST /api/factors/passkey',
  'GET /api/sessions',
  'POST /api/sessions/end',
  'POST /api/password',
]);

/** Whether the board's policy asks this person for a second factor that this session has not seen. */
export async function lacksSecondFactor(
  { policy, now }: Pick<GatewayParts, 'policy' | 'now'>,
  account: Account,
  session: Session,
): Promise<boolean> {
  if (hasSecondFactor(session)) return false;
  const { secondFactorRoles } = (await policy.current()).policy;
  return needsSecondFactor(subjectOf(account), calendarDateAt(now()), new Set(secondFactorRoles));
}
