import { isInNetwork } from '../../access/network-range.ts';
import { findPermit, type Permit } from '../../access/permit.ts';
import { canHoldStream, type Circumstances, type HoldDecision } from '../../access/take-out.ts';
import type { Protection } from '../../access/protection.ts';
import type { Subject } from '../../access/subject.ts';
import { calendarDateAt, type CalendarDate } from '../../domain/calendar/calendar-date.ts';
import { parseSchoolDatabase, type Stream } from '../../ledger/stream.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import type { SignedIn } from '../http/request-context.ts';
import { subjectOf } from '../identity/account.ts';
import { hasSecondFactor } from '../identity/step-up.ts';

/** How one person's device may have streams, under the circumstances of one request. */
export interface Holdings {
  readonly secondFactor: boolean;
  readonly place: Circumstances['place'];
  readonly ownership: Circumstances['device']['ownership'];
  /** The person's own, of every state. */
  readonly permits: readonly Permit[];
  holdOf(stream: Stream): HoldDecision;
  permitFor(stream: Stream): Permit | null;
  /** When the permit ends that a stream is held under, epoch milliseconds; null: it is held without one. */
  endOf(stream: Stream): number | null;
}

/**
 * Reads what decides about holding: the session's factors, where the request comes from, the device's registration,
 * the person's permits, the policy. `protection` is what the device says of its keys; nobody else can know it.
 */
export async function readHoldings(
  parts: GatewayParts,
  request: Request,
  { session, account, context }: SignedIn,
  protection: Protection,
): Promise<Holdings> {
  const { personId } = account;
  const today = calendarDateAt(parts.now());
  const [{ policy }, permits, isSchoolDevice] = await Promise.all([
    parts.policy.current(),
    parts.permits.ofPerson(personId),
    parts.devices.isRegisteredSchoolDevice(request, session.device),
  ]);
  const schoolCodes = [...new Set(account.grants.flatMap((grant) => grant.schoolCode ?? []))];
  const blankets = new Map<string, boolean>();
  for (const code of schoolCodes) {
    blankets.set(code, (await parts.blankets.find(code))?.allowed ?? policy.blanketPermission);
  }
  const ownership = isSchoolDevice ? 'school' : 'private';
  const inSchool =
    isInNetwork(context.address, policy.schoolNetworks) || (isSchoolDevice && policy.schoolDeviceIsInSchool);
  return holdingsUnder({
    subject: subjectOf(account),
    today,
    deviceId: session.device,
    permits,
    blankets,
    circumstances: {
      secondFactor: hasSecondFactor(session),
      place: inSchool ? 'school' : 'outside',
      device: { ownership, protection },
      policy,
    },
  });
}

function holdingsUnder(facts: {
  readonly subject: Subject;
  readonly today: CalendarDate;
  readonly deviceId: string;
  readonly permits: readonly Permit[];
  readonly blankets: ReadonlyMap<string, boolean>;
  readonly circumstances: Omit<Circumstances, 'permit' | 'blanketPermission'>;
}): Holdings {
  const { subject, today, deviceId, permits, blankets, circumstances } = facts;
  const permitFor = (stream: Stream) => findPermit(permits, subject.personId, deviceId, stream, today);
  return {
    secondFactor: circumstances.secondFactor,
    place: circumstances.place,
    ownership: circumstances.device.ownership,
    permits,
    permitFor,
    endOf(stream) {
      const permit = circumstances.place === 'outside' ? permitFor(stream) : null;
      // A day begins at midnight in Japan.
      return permit && Date.parse(`${permit.until}T00:00:00+09:00`);
    },
    holdOf(stream) {
      const school = parseSchoolDatabase(stream.db)?.schoolCode ?? '';
      const blanketPermission = blankets.get(school) ?? false;
      return canHoldStream(
        subject,
        stream,
        { ...circumstances, blanketPermission, permit: permitFor(stream) },
        today,
      );
    },
  };
}
