import { needsSecondFactor } from '../../access/identity-access.ts';
import { importanceOf } from '../../access/importance.ts';
import { calendarDateAt } from '../../domain/calendar/calendar-date.ts';
import { parseSchoolDatabase, streamKey } from '../../ledger/stream.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { lacksSecondFactor } from './second-factor-gate.ts';
import { subjectOf, type Account } from '../identity/account.ts';
import type { Session } from '../identity/sessions.ts';
import { hasSecondFactor } from '../identity/step-up.ts';

/** What a signed-in browser is told about its person: `GET /api/session`, and every way to sign in. */
export async function describeSession(
  parts: GatewayParts,
  account: Account,
  session: Session,
): Promise<Record<string, unknown>> {
  // Where they may be held is said with every exchange: a session goes from place to place.
  const readable = (await parts.streams.readableBy(subjectOf(account))).filter(
    ({ db }) => importanceOf(db) === 3 || hasSecondFactor(session),
  );
  const streams = await Promise.all(
    readable.map(async (stream) => {
      const { schoolCode, schoolYear } = parseSchoolDatabase(stream.db) ?? {
        schoolCode: '',
        schoolYear: 0,
      };
      const { roster } = await (await parts.streams.open(stream)).folds.standing();
      return { key: streamKey(stream), schoolCode, schoolYear, schoolName: roster.school.name };
    }),
  );
  const schoolCodes = [...new Set(streams.map((stream) => stream.schoolCode))];
  const sealing = Object.fromEntries(
    await Promise.all(
      schoolCodes.map(async (code) => [code, (await parts.secrets.sealingKeys(code)).publicKey] as const),
    ),
  );
  const { personId, login, name, grants, passwordChangeDue } = account;
  return {
    person: { id: personId, login, name, grants },
    streams,
    sealing,
    factors: session.factors,
    secondFactor: await secondFactorState(parts, account, session),
    passwordChangeDue,
    hasPassword: account.passwordHash !== null,
    serverNow: parts.now(),
    version: parts.version,
  };
}

/**
 * `required`: the board's policy opens nothing to this person until one is shown; `wanted`: there is none, and what
 * this person manages asks for one.
 */
async function secondFactorState(
  parts: GatewayParts,
  account: Account,
  session: Session,
): Promise<'present' | 'required' | 'wanted' | 'none'> {
  const { secondFactors, now } = parts;
  if (await lacksSecondFactor(parts, account, session)) return 'required';
  if ((await secondFactors.kindsOf(account.personId)).length > 0) return 'present';
  return needsSecondFactor(subjectOf(account), calendarDateAt(now())) ? 'wanted' : 'none';
}
