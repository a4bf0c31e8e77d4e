import type { GatewayParts } from '../gateway-parts.ts';

type Ports = Pick<GatewayParts, 'secondFactors' | 'factorTries' | 'sessions' | 'audit'>;

/**
 * Takes all second factors from a person who lost them, and ends that person's sessions. Whether `by` may do so, and
 * has proved it afresh, is for the caller to judge. False where there was nothing to take.
 */
export async function resetFactors(
  { secondFactors, factorTries, sessions, audit }: Ports,
  personId: string,
  by: string | null,
): Promise<boolean> {
  const removed = await secondFactors.removeAll(personId);
  await factorTries.forget(personId);
  const count = await sessions.endAllOf(personId);
  await audit.record({
    kind: 'factorRemoved',
    by,
    target: personId,
    code: removed ? 'reset' : 'none',
    count,
  });
  return removed;
}
